package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// labOptions is what the command line of `ebpftrace lab` says.
type labOptions struct {
	routers  int
	scenario string
	ecmp     int
	seed     int
	list     bool
	show     string
}

const labLong = `Lab runs a command inside an emulated network of network namespaces: a client,
a chain of kernel routers r1.lab, r2.lab, ... and target.lab, for IPv4 and IPv6.
With --scenario it is a simulated network on a TUN device instead, in which
routers delay, drop, lie, translate, balance and limit as the scenario says;
with --ecmp kernel routers have several ways to the target.
Without a command it traces to the target. Nothing stays behind.

Exit status: that of the command; without one as for a trace.`

const labExample = `  sudo ebpftrace lab
  sudo ebpftrace lab -- ebpftrace -6 -T target.lab
  sudo ebpftrace lab --routers 12 -- mtr -r target.lab
  sudo ebpftrace lab --scenario mpls
  sudo ebpftrace lab --scenario diamond_4 -- ebpftrace --multipath target.lab
  ebpftrace lab --list
  ebpftrace lab --show mpls >mine.toml    # to change, and use as --scenario`

func newLab(stdout, stderr io.Writer) *cobra.Command {
	o := &labOptions{}
	c := &cobra.Command{
		Use:           "lab [flags] [-- COMMAND [ARG...]]",
		Short:         "Run a command in an emulated network",
		Long:          labLong,
		Example:       labExample,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case o.list:
				return listScenarios(stdout)
			case o.show != "":
				return showScenario(stdout, o.show)
			}
			return o.run(c.Context(), args, stdout, stderr)
		},
	}
	f := c.Flags()
	f.SetInterspersed(false)
	f.VarP(bounded{&o.routers, 1, lab.MaxRouters}, "routers", "r", "routers in the chain (5)")
	f.Var(bounded{&o.ecmp, 1, lab.MaxBranches}, "ecmp", "so many ways of equal cost instead of a chain, chosen by flow")
	f.StringVar(&o.scenario, "scenario", "", "simulate this scenario, by name or TOML file")
	f.Var(bounded{&o.seed, 0, 1 << 30}, "seed", "seed of a simulated network's chances (0)")
	f.BoolVar(&o.list, "list", false, "list the scenarios that come along")
	f.StringVar(&o.show, "show", "", "print a scenario, to write one's own after it")
	return c
}

func (o *labOptions) run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if os.Geteuid() != 0 {
		return &exitError{ExitForbidden, errors.New("a lab needs root to make network namespaces: run it with sudo")}
	}
	l, err := o.start(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	argv, err := command(args)
	if err != nil {
		return err
	}
	status, err := l.Run(ctx, lab.Client, lab.Command{Argv: argv, Stdin: os.Stdin, Stdout: stdout, Stderr: stderr})
	if errors.Is(err, exec.ErrNotFound) {
		return usage("no program %q: check the name after --", argv[0])
	}
	if err != nil || status != 0 {
		return &exitError{max(status, ExitNotReached), err}
	}
	return nil
}

// start brings up the network.
func (o *labOptions) start(ctx context.Context) (*lab.Lab, error) {
	switch {
	case o.ecmp > 0 && (o.scenario != "" || o.routers != 0 || o.seed != 0):
		return nil, usage("--ecmp %d: leave out --routers, --scenario and --seed, which ask for another network", o.ecmp)
	case o.ecmp > 0:
		return o.diamond(ctx)
	}
	if err := o.checkSimulated(); err != nil {
		return nil, err
	}
	if o.scenario == "" {
		return lab.Chain(ctx, lab.Options{Routers: o.routers})
	}
	scenario, err := sim.Load(o.scenario)
	if err != nil {
		return nil, asUsage(err)
	}
	front, err := lab.Simulated(ctx, scenario, uint64(o.seed))
	if err != nil {
		return nil, err
	}
	return front.Lab, nil
}

// diamond brings up a network of kernel routers with several ways.
func (o *labOptions) diamond(ctx context.Context) (*lab.Lab, error) {
	d, err := lab.Diamond(ctx, lab.DiamondOptions{Branches: slices.Repeat([]int{1}, o.ecmp)})
	if err != nil {
		return nil, err
	}
	return d.Lab, nil
}

// command returns what to run: `ebpftrace` means this very program. What runs it in
// turn, as a shell does, finds it too where nothing else is of that name.
func command(args []string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	os.Setenv("PATH", os.Getenv("PATH")+":"+filepath.Dir(self))
	if len(args) == 0 {
		args = []string{"ebpftrace", "target.lab"}
	}
	if args[0] != "ebpftrace" {
		return args, nil
	}
	return append([]string{self}, args[1:]...), nil
}
