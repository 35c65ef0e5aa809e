package cli

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/live"
)

// liveOptions is what the command line of `ebpftrace live` says.
type liveOptions struct {
	options
	count    int
	interval intervalFlag
	summary  bool
	columns  []string
}

const liveLong = `Live traces the path again and again, a probe a hop every second, and shows
what becomes of it: loss and what it means, latest, shortest and longest times,
percentiles, jitter (RFC 3550), the latest rounds as a graph, and when the path
changed. The ? key lists the keys. With -r it shows nothing until the rounds
are over, then a report.

--save writes each round to the file as it is made, up to 256 MiB: those of all
protocols, also what a reset has forgotten on the screen. If the run is killed,
the file has the rounds until then.

Exit status: 0 the target answered, 1 it did not, or a signal or failure ended
it; 2 and 3 as for a trace.`

const liveExample = `  sudo ebpftrace live example.org                 until q is pressed
  sudo ebpftrace live -T -p 443 example.org       with TCP SYNs to port 443
  sudo ebpftrace live -i 0.2 example.org          five rounds a second
  sudo ebpftrace live -r -c 20 example.org        a report of 20 rounds
  sudo ebpftrace live -r --format mtr example.org as mtr --json writes it
  sudo ebpftrace live --save night.pcapng example.org   for show and diff`

func newLive(stdout, stderr io.Writer) *cobra.Command {
	o := &liveOptions{}
	c := &cobra.Command{
		Use:           "live [flags] HOST [PACKETLEN]",
		Short:         "Watch the path to a host, round after round",
		Long:          liveLong,
		Example:       liveExample,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.arguments(args); err != nil {
				return err
			}
			if err := o.check(); err != nil {
				return err
			}
			return interruptible(c, func(ctx context.Context) error { return o.live(ctx, stdout, stderr) })
		},
	}
	o.flags(c.Flags())
	return c
}

// settled are the flags of a trace that the live view leaves no choice of.
var settled = []string{
	"stamps", "queries", "mtu", "loss", "diff", "back", "geo-db",
}

// flags registers those of a trace, but for what is settled. As with mtr(8), -i is the
// interval.
func (o *liveOptions) flags(f *pflag.FlagSet) {
	f.SortFlags = false
	o.interval = intervalFlag(time.Second)
	f.VarP(&o.interval, "interval", "i", "seconds from the start of a round to the next")
	f.VarP(bounded{&o.count, 1, 1_000_000}, "count", "c", "rounds (no end; with -r 10)")
	f.BoolVarP(&o.summary, "summary", "r", false, "no screen: a report when the rounds are over")
	f.StringSliceVarP(&o.columns, "columns", "o", nil, "columns: "+strings.ToLower(strings.Join(live.Columns(), ", ")))
	var all pflag.FlagSet
	o.options.flags(&all)
	all.VisitAll(func(flag *pflag.Flag) {
		if slices.Contains(settled, flag.Name) {
			return
		}
		if flag.Name == "interface" {
			flag.Shorthand = ""
		}
		f.AddFlag(flag)
	})
	f.Lookup("format").Usage = "with -r: how to write it; table is the report,\nothers write all rounds as one trace"
	o.stamps = true // the division of delay needs those of this process
}

// check finds what contradicts itself.
func (o *liveOptions) check() error {
	if err := o.options.check(); err != nil {
		return err
	}
	if _, err := live.Named(o.columns); err != nil {
		return usage("--columns: %w", err)
	}
	if !o.summary && (o.format != "table" || o.json) {
		return usage("--format is for a report: add -r, or leave it out")
	}
	return nil
}
