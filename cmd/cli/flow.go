package cli

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// repeatOptions says which flow of a family to send, and with what flow label the
// family begins; its source port is that of --sport.
type repeatOptions struct {
	given    bool
	number   int
	label    uint32
	labelled bool // the label was given
}

func (r *repeatOptions) flags(f *pflag.FlagSet) {
	f.Var(labelFlag{r}, "flow-label", "IPv6 flow label (drawn anew for each run)")
	f.Var(flowFlag{r}, "flow", "repeat the path of this flow of a --multipath, which\ntells the --sport and --flow-label to give with it")
}

// checkRepeat finds out in time that a flow can't be repeated.
func (o *options) checkRepeat(ipv6 bool) error {
	r := o.repeat
	switch {
	case r.labelled && !ipv6:
		return usage("--flow-label: IPv4 has none; leave it out, or use -6")
	case r.given && o.sourcePort == 0:
		return usage("--flow %d: give with --sport what flow 0 begins with, as --multipath tells it", r.number)
	case r.given && ipv6 && !r.labelled:
		return usage("--flow %d: over IPv6 give with --flow-label what flow 0 begins with, as --multipath tells it", r.number)
	}
	return nil
}

// choose makes the plan's flow the one to repeat.
func (p *plan) choose(r repeatOptions) {
	if !r.given {
		return
	}
	f := &p.config.Flow
	p.notes = append(p.notes, fmt.Sprintf("flow %d of those that --sport %d begins", r.number, f.SourcePort))
	*f = f.Nth(p.config.Protocol, r.number)
}

// spread makes room for the flows of a search.
func (p *plan) spread(c multipath.Config) {
	p.room, p.ports = c.MaxProbes, 1
	if _, tcp := c.Protocol.(probe.TCP); tcp {
		p.ports = c.MaxFlows
	}
}

// first returns the flow label of flow 0.
func (r repeatOptions) first() uint32 {
	if r.labelled {
		return r.label
	}
	return probe.DrawFlowLabel()
}

// flowFlag takes the number of a flow.
type flowFlag struct{ r *repeatOptions }

func (f flowFlag) String() string { return "" }
func (f flowFlag) Type() string   { return "N" }

func (f flowFlag) Set(s string) error {
	f.r.given = true
	return bounded{&f.r.number, 0, probe.MaxFlow}.Set(s)
}

// labelFlag takes a flow label; 0 is one.
type labelFlag struct{ r *repeatOptions }

func (l labelFlag) String() string { return "" }
func (l labelFlag) Type() string   { return "LABEL" }

func (l labelFlag) Set(s string) error {
	var n int
	err := bounded{&n, 0, wire.MaxFlowLabel}.Set(s)
	l.r.label, l.r.labelled = uint32(n), true
	return err
}
