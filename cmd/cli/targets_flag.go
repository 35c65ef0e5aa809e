package cli

import (
	"errors"
	"net"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

// filesFlag takes one file more each time that it is given.
type filesFlag struct{ names *[]string }

func (f filesFlag) String() string { return "" }
func (f filesFlag) Type() string   { return "FILE" }

func (f filesFlag) Set(name string) error {
	if name == "" {
		return errors.New("give a file's name, or - for standard input")
	}
	*f.names = append(*f.names, name)
	return nil
}

// wayFlag is -i of a trace: the interface that traceroute(8) has it for, or one more
// file of targets. Its String is the interface.
type wayFlag struct {
	pflag.Value
	files filesFlag
}

func (w wayFlag) Set(s string) error {
	if s == "" {
		return errors.New("give an interface, or a file of targets")
	}
	if isFile(s) {
		return w.files.Set(s)
	}
	return w.Value.Set(s)
}

// isFile reports whether what -i is given names a file: no interface's name has a slash
// (kernel: dev_valid_name), and an interface of that name comes before a file.
func isFile(name string) bool {
	if name == "-" || strings.Contains(name, "/") {
		return true
	}
	if _, err := net.InterfaceByName(name); err == nil {
		return false
	}
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// checkInterface finds out in time that there is no such interface; nor is there such
// a file, or it would not have come here.
func (o *options) checkInterface() error {
	if o.interfaceTo == "" {
		return nil
	}
	if _, err := net.InterfaceByName(o.interfaceTo); err != nil {
		return usage("-i %q is neither an interface that `ip link` lists nor a file of targets in this directory", o.interfaceTo)
	}
	return nil
}
