package cli

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
)

// benchOptions is what the command line of `ebpftrace bench` says.
type benchOptions struct {
	options
	count    int
	interval time.Duration
	load     string
}

const benchLong = `Bench times the same probes by every source of timestamps at once: the kernel's
nearest to the wire, tcx, the socket's, and the clock of a process. For each hop
and in all it shows percentiles, jitter (RFC 3550), by how much each source
exceeds the best one for the same probe, and where on its way the time goes.

Exit status: as for a trace.`

const benchExample = `  sudo ebpftrace bench example.org                  100 rounds, one a second
  sudo ebpftrace bench --load busy example.org      with all CPUs busy
  sudo ebpftrace bench --load quota=3% example.org  with 3 % of a CPU to itself
  sudo ebpftrace bench --report r.html example.org  and a page with plots`

func newBench(stdout, stderr io.Writer) *cobra.Command {
	o := &benchOptions{}
	c := &cobra.Command{
		Use:           "bench [flags] HOST [PACKETLEN]",
		Short:         "Compare kernel and user-space timing of the same probes",
		Long:          benchLong,
		Example:       benchExample,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.arguments(args); err != nil {
				return err
			}
			return interruptible(c, func(ctx context.Context) error { return o.bench(ctx, stdout, stderr) })
		},
	}
	o.flags(c.Flags())
	noDefaults(c.Flags())
	return c
}

// decided are the flags of a trace that bench leaves no choice of: all sources,
// one probe a hop and round.
var decided = []string{"timing", "stamps", "queries", "mtu", "loss", "diff", "back", "as", "asn-db", "geo-db", "format", "save"}

// flags registers those of a trace, but for what is decided.
func (o *benchOptions) flags(f *pflag.FlagSet) {
	f.SortFlags = false
	f.VarP(bounded{&o.count, 1, 1_000_000}, "count", "c", "rounds of one probe a hop (100)")
	f.DurationVar(&o.interval, "interval", time.Second, "from the start of a round to the next")
	f.StringVar(&o.load, "load", "", "make CPU time short: "+bench.LoadUsage)
	var all pflag.FlagSet
	o.options.flags(&all)
	all.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(decided, flag.Name) {
			f.AddFlag(flag)
		}
	})
	o.timing, o.format = "auto", "table" // and the sockets beside it
}

// config reads what the flags say of the rounds.
func (o *benchOptions) config() (c bench.Config, err error) {
	if err := o.check(); err != nil {
		return c, err
	}
	if o.interval <= 0 {
		return c, usage("--interval %v: give a time above 0, as in 200ms", o.interval)
	}
	if o.load != "" {
		c.Load, err = bench.ParseLoad(o.load)
	}
	c.Count, c.Interval = cmp.Or(o.count, 100), o.interval
	return c, asUsage(err)
}
