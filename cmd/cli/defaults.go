package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Where defaults come from, besides the user's file. They are of use to whoever runs
// the program, and to nobody else: what a file or the environment may say, the command
// line may too, and capabilities of the executable (capabilities(7)) open no files.
const (
	optionsVariable = "EBPFTRACE_OPTIONS"
	systemFile      = "/etc/ebpftrace.conf"
	userFile        = "ebpftrace/config" // in $XDG_CONFIG_HOME or ~/.config
)

// defaulted are the commands that have defaults.
var defaulted = []string{"ebpftrace", "trace", "live", "bench"}

// overruled are the flags that a flag nearer to the user overrules, besides itself,
// because it contradicts them.
var overruled = map[string]string{
	"icmp": "tcp udp port", "tcp": "icmp udp port", "udp": "icmp tcp port", "port": "icmp",
	"ipv4": "ipv6", "ipv6": "ipv4", "json": "format", "format": "json",
}

func noDefaults(f *pflag.FlagSet) {
	f.Bool("no-defaults", false, "leave EBPFTRACE_OPTIONS and the files of defaults alone")
}

// fillIn sets the flags that the command line leaves out: by the environment, else by
// the user's file, else by the system's.
func fillIn(c *cobra.Command) error {
	if !slices.Contains(defaulted, c.Name()) || c.Flags().Changed("no-defaults") {
		return checkEmpty(c.Flags(), nil)
	}
	levels, err := readDefaults()
	if err != nil {
		return err
	}
	if err := checkEmpty(c.Flags(), levels); err != nil {
		return err
	}
	said := map[string]bool{}
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "interface" || f.Value.String() != "" { // else -i was given files
			say(said, f.Name)
		}
	})
	for _, level := range levels {
		if err := fill(c.Flags(), level, said); err != nil {
			return err
		}
		for _, s := range level {
			say(said, s.name)
		}
	}
	return nil
}

// say notes a flag, and all that it overrules.
func say(said map[string]bool, name string) {
	said[name] = true
	for _, other := range strings.Fields(overruled[name]) {
		said[other] = true
	}
}

// fill sets what nobody has said yet; what a command has no flag for is not for it.
func fill(flags *pflag.FlagSet, level []setFlag, said map[string]bool) error {
	for _, s := range level {
		if said[s.name] || flags.Lookup(s.name) == nil {
			continue
		}
		if err := flags.Set(s.name, s.value); err != nil {
			return err
		}
	}
	return nil
}

// readDefaults reads all there are, the nearest to the user first.
func readDefaults() (levels [][]setFlag, err error) {
	level, err := parseDefaults(optionsVariable, os.Getenv(optionsVariable))
	if err != nil {
		return nil, err
	}
	levels = append(levels, level)
	for _, name := range defaultFiles() {
		text, err := readIfThere(name)
		if err != nil {
			return nil, usage("%w: mend it, or use --no-defaults", err)
		}
		if level, err = parseDefaults(name, text); err != nil {
			return nil, err
		}
		levels = append(levels, level)
	}
	return levels, nil
}

// defaultFiles are the user's file, who is the effective one under sudo, and the
// system's.
func defaultFiles() (names []string) {
	if dir, err := os.UserConfigDir(); err == nil { // else there is no home
		names = append(names, filepath.Join(dir, userFile))
	}
	return append(names, systemFile)
}

// readIfThere reads a file. One that can't be there for this user is not there.
func readIfThere(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || !filepath.IsAbs(name) {
			return "", nil
		}
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > 1<<16 {
		return "", usage("%s: not a file of at most 64 KiB", name)
	}
	text, err := os.ReadFile(name)
	return string(text), err
}
