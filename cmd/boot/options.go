package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// options is what the command line says.
type options struct {
	kernels  []string
	cache    debian.Cache
	tests    []string
	programs []string
	tools    []string
	env      []string
	files    []machine.File
	modules  []string
	busybox  bool
	parallel int
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
	o := &options{}
	f := flag.NewFlagSet("boot", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Func("kernel", "boot the newest kernel of this `series`, such as 6.1; may be repeated (6.12)", each(&o.kernels))
	f.StringVar(&o.cache.Arch, "arch", machine.DefaultArch, "`architecture` of kernels and what runs in them: "+strings.Join(machine.Archs(), ", "))
	f.Func("test", "run the tests of this `package`; may be repeated, arguments are those of each", each(&o.tests))
	f.Func("program", "build the program in this `directory` into /bin; may be repeated", each(&o.programs))
	f.Func("tool", "have this `program` of the host in /bin, with its shared libraries; may be repeated", each(&o.tools))
	f.Func("env", "add this `variable=value` to the environment; may be repeated", each(&o.env))
	f.Func("file", "have this `file[:path]` in the machine; may be repeated", o.addFile)
	f.Func("module", "load this kernel `module` too; may be repeated", each(&o.modules))
	f.BoolVar(&o.busybox, "busybox", true, "have a shell and its tools in /bin")
	f.IntVar(&o.parallel, "parallel", 1, "kernels to boot at a time")
	f.IntVar(&o.cpus, "cpus", 1, "CPUs of a machine: see machine.Options for what may befall more")
	f.IntVar(&o.memory, "memory", 1024, "memory of a machine in MiB")
	f.DurationVar(&o.timeout, "timeout", 5*time.Minute, "longest time that a machine may run")
	f.StringVar(&o.cache.Dir, "cache", dir, "`directory` for what is downloaded")
	f.StringVar(&o.cache.Mirror, "mirror", "", "Debian `mirror` (http://deb.debian.org)")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if len(o.kernels) == 0 {
		o.kernels = []string{"6.12"}
	}
	o.argv = f.Args()
	if err := o.check(); err != nil {
		fmt.Fprintln(stderr, "boot:", err)
		return nil, err
	}
	return o, nil
}

func (o *options) check() error {
	if len(o.argv) == 0 && len(o.tests) == 0 {
		return errors.New("no command: give one after --, or -test")
	}
	if o.parallel < 1 || o.cpus < 1 || o.memory < 1 {
		return errors.New("-parallel, -cpus and -memory must be above 0")
	}
	if !slices.Contains(machine.Archs(), o.cache.Arch) {
		return fmt.Errorf("-arch %q: use one of %s", o.cache.Arch, strings.Join(machine.Archs(), ", "))
	}
	if len(o.tools) > 0 && o.cache.Arch != machine.DefaultArch {
		return fmt.Errorf("-tool brings programs for %s: do without for -arch %s", machine.DefaultArch, o.cache.Arch)
	}
	return nil
}

// each returns a flag's setter that collects values, several at once with commas
// between them.
func each(all *[]string) func(string) error {
	return func(s string) error {
		values := strings.Split(s, ",")
		*all = append(*all, values...)
		if slices.Contains(values, "") {
			return errors.New("a value is empty")
		}
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
