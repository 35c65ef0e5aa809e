package cli

import (
	"context"
	"io"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
)

const traceLong = `Trace is what ebpftrace does without a command: it is there for hosts that have
the name of one. More than one host are traced to at a time, up to 8, each with
a clock of its own, and written in their order; a second argument that is a
number is the length of a packet.`

const long = `Ebpftrace traces the path to a host as traceroute does, but takes the time of
every hop in the kernel: eBPF programs stamp each probe on its way out and each
answer on its way in. Scheduling, garbage collection, CPU quotas and socket
queues stay out of the numbers.`

const exits = `Exit status: 0 the target was reached, 1 it was not, 2 bad usage, 3 this machine
does not allow it (capability or kernel). Of several targets, the highest.`

const defaultsHelp = `Flags for every trace may stand in EBPFTRACE_OPTIONS, and with comments (#)
in ~/.config/ebpftrace/config and /etc/ebpftrace.conf. The command line comes
before the environment, and that before the files.`

const example = `  sudo ebpftrace example.org            trace with UDP
  sudo ebpftrace -T -p 443 example.org  trace with TCP SYNs to port 443
  sudo ebpftrace -6 -I example.org      trace with ICMPv6 echo requests
  sudo ebpftrace --multipath example.org   all paths that routers balance over
  sudo ebpftrace --mtu example.org      where the path MTU drops
  sudo ebpftrace --loss example.org     what unanswered probes mean
  sudo ebpftrace live example.org       watch the path, round after round
  sudo ebpftrace --json example.org     everything as JSON, times in nanoseconds
  sudo ebpftrace a.example b.example    several targets at a time, in this order
  sudo ebpftrace -i hosts.txt           those of a file, one a line
  ebpftrace example.org                 without privilege, by what is allowed
  ebpftrace doctor example.org          what this machine lacks for best times
  sudo ebpftrace lab                    try it in an emulated network`

// Main runs the command line and returns the exit status.
func Main(args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.Background())
	complain(stderr, err)
	return status(err)
}

// newRoot returns the command and its subcommands. Tracing is implied; `trace`
// is there for a host whose name is that of a subcommand.
func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := newTrace("ebpftrace [flags] HOST [HOST... | PACKETLEN]", stdout, stderr)
	root.Long, root.Example = strings.Join([]string{long, exits, defaultsHelp}, "\n\n"), example
	root.Version = version
	root.SetVersionTemplate(versionText())
	root.Flags().BoolP("version", "V", false, "say what this is, and what it was built from")
	trace := newTrace("trace [flags] HOST [HOST... | PACKETLEN]", stdout, stderr)
	trace.Long = traceLong
	root.AddCommand(trace, newLive(stdout, stderr), newBench(stdout, stderr), newShow(stdout, stderr), newDiff(stdout),
		newLab(stdout, stderr), newDoctor(stdout, stderr), newGuard(), newCompletion(stdout), newMan(stdout))
	root.SetHelpCommand(newHelp())
	root.CompletionOptions.DisableDefaultCmd = true // there is ours
	if err := completes(root); err != nil {
		panic(err) // a flag registered twice
	}
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error { return fillIn(c) }
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { writeHelp(stdout, c) })
	return root
}

func newTrace(use string, stdout, stderr io.Writer) *cobra.Command {
	o, t := &options{}, &targets{}
	c := &cobra.Command{
		Use:           use,
		Short:         "Trace the path to a host with times taken in the kernel",
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.prepare(c, t, args); err != nil {
				return err
			}
			return interruptible(c, func(ctx context.Context) error { return o.traceAll(ctx, t, stdout, stderr) })
		},
	}
	o.flags(c.Flags())
	o.multipath.flags(c.Flags())
	t.flags(c.Flags())
	noDefaults(c.Flags())
	return c
}

// interruptible runs what has something to tell when it is interrupted: by the
// user, by the system, or by a terminal that is closed.
func interruptible(c *cobra.Command, run func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(c.Context(), unix.SIGINT, unix.SIGTERM, unix.SIGHUP)
	defer stop()
	return run(ctx)
}
