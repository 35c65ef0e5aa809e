package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// options is what the command line says.
type options struct {
	kernels  []string
	cache    debian.Cache
	tests    string
	programs []string
	files    []machine.File
	modules  []string
	busybox  bool
	cpus     int
	memory   int
	timeout  time.Duration
	argv     []string
}

// parse reads the command line. What is wrong with it goes to stderr too.
func parse(args []string, stderr io.Writer) (*options, error) {
	dir, err := debian.DefaultDir()
	if err != nil {
		return nil, err
	}
	o := &options{kernels: []string{"6.12"}}
	f := flag.NewFlagSet("boot", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Func("kernel", "boot the newest kernel of this `series`, or of each of several with commas (6.12)", func(s string) error {
		o.kernels = strings.Split(s, ",")
		return nil
	})
	f.StringVar(&o.tests, "test", "", "run the tests of the package in this `directory`; arguments are theirs")
	f.Func("program", "build the program in this `directory` into /bin; may be repeated", each(&o.programs))
	f.Func("file", "have this `file[:path]` in the machine; may be repeated", o.addFile)
	f.Func("module", "load this kernel `module` too; may be repeated", each(&o.modules))
	f.BoolVar(&o.busybox, "busybox", true, "have a shell and its tools in /bin")
	f.IntVar(&o.cpus, "cpus", 2, "CPUs of the machine")
	f.IntVar(&o.memory, "memory", 1024, "memory of the machine in MiB")
	f.DurationVar(&o.timeout, "timeout", 5*time.Minute, "longest time that the machine may run")
	f.StringVar(&o.cache.Dir, "cache", dir, "`directory` for what is downloaded")
	f.StringVar(&o.cache.Mirror, "mirror", "", "Debian `mirror` (http://deb.debian.org)")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	o.argv = f.Args()
	return o, o.check(stderr)
}

func (o *options) check(stderr io.Writer) error {
	if len(o.argv) > 0 || o.tests != "" {
		return nil
	}
	err := errors.New("boot: no command: give one after --, or -test")
	fmt.Fprintln(stderr, err)
	return err
}

// each returns a flag's setter that collects values.
func each(all *[]string) func(string) error {
	return func(s string) error {
		*all = append(*all, s)
		return nil
	}
}

// addFile takes "host:guest", or one path for both.
func (o *options) addFile(s string) error {
	host, inside, ok := strings.Cut(s, ":")
	if !ok {
		inside = host
	}
	if host == "" || !strings.HasPrefix(inside, "/") {
		return errors.New("want file:/path/in/the/machine")
	}
	o.files = append(o.files, machine.File{Guest: inside, Host: host})
	return nil
}
