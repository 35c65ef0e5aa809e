package cli

import (
	"context"
	"io"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/doctor"
)

const doctorLong = `Doctor says what a trace needs of this machine, with a line for each thing: what
is there, what that costs in precision or function, and the command that mends
it. The last line says which clock --timing auto takes.

It looks at the interface of the route to HOST if one is named, else at that of
-i, else at that of the default route. Things are tried where that is harmless;
nothing is changed. Who wants all of them tried runs it with sudo.

Exit status: 0 kernel timing by the nearest stamps, 1 a trace is possible but
with others, 2 bad usage, 3 no trace is possible.`

const doctorExample = `  ebpftrace doctor                   what this user can have
  sudo ebpftrace doctor example.org  what root can, on the way to a host
  ebpftrace doctor --json            the same for programs`

// doctorOptions is what the command line of `ebpftrace doctor` says.
type doctorOptions struct {
	options
	json bool
}

func newDoctor(stdout, _ io.Writer) *cobra.Command {
	o := &doctorOptions{}
	c := &cobra.Command{
		Use:           "doctor [flags] [HOST]",
		Short:         "Say what this machine has of what a trace needs",
		Long:          doctorLong,
		Example:       doctorExample,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), args, stdout)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVarP(&o.ipv4, "ipv4", "4", false, "look at the way to HOST over IPv4")
	f.BoolVarP(&o.ipv6, "ipv6", "6", false, "look at the way to HOST over IPv6")
	f.StringVarP(&o.interfaceTo, "interface", "i", "", "look at this interface")
	f.BoolVar(&o.json, "json", false, "write one JSON document")
	return c
}

// run examines this machine. The error carries the exit status.
func (o *doctorOptions) run(ctx context.Context, args []string, stdout io.Writer) error {
	look, err := o.look(ctx, args)
	if err != nil {
		return err
	}
	report := doctor.Examine(ctx, look)
	if o.json {
		err = report.WriteJSON(stdout)
	} else {
		err = report.WriteText(stdout, columns(stdout))
	}
	if err != nil {
		return &exitError{ExitNotReached, err}
	}
	if status := doctorStatus[report.Status()]; status != ExitReached {
		return &exitError{status: status}
	}
	return nil
}

// doctorStatus turns the sum of a report into the exit status.
var doctorStatus = map[doctor.Status]int{
	doctor.OK: ExitReached, doctor.Degraded: ExitNotReached, doctor.Missing: ExitForbidden,
}

// look says where to look.
func (o *doctorOptions) look(ctx context.Context, args []string) (look doctor.Options, err error) {
	switch {
	case len(args) > 1:
		return look, usage("too many arguments: give one host, or none")
	case o.ipv4 && o.ipv6:
		return look, usage("-4 and -6 exclude each other: choose one family")
	}
	if look.Interface = o.interfaceTo; look.Interface != "" {
		if _, err := net.InterfaceByName(look.Interface); err != nil {
			return look, usage("unknown interface %q: use one that `ip link` lists", look.Interface)
		}
	}
	if len(args) == 1 {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		o.host = args[0]
		look.Target, err = o.resolve(ctx, net.DefaultResolver)
	}
	return look, err
}

// columns returns the width of a terminal up to what is easy to read, else 80.
func columns(w io.Writer) int {
	const usual, widest = 80, 110
	file, ok := w.(*os.File)
	if !ok {
		return usual
	}
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 {
		return usual
	}
	return min(int(size.Col), widest)
}
