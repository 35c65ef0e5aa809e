package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// besideMTU are the flags that --mtu leaves no choice of, and why.
var besideMTU = []struct{ name, why string }{
	{"queries", "it sends as many probes as it needs"},
	{"multipath", "it keeps to one path"},
	{"diff", "its packets differ in length"},
	{"back", "it looks for where packets get lost, not for ways back"},
	{"loss", "it loses packets on purpose"},
	{"save", "a recording has no place for MTUs; --report and --json have"},
}

// checkMTU finds what contradicts --mtu.
func (o *options) checkMTU(given *pflag.FlagSet) error {
	if !o.mtu {
		return nil
	}
	if o.size != 0 {
		return usage("--mtu finds out which packet length gets through: leave out the length, %d", o.size)
	}
	for _, f := range besideMTU {
		if given.Changed(f.name) {
			return usage("--mtu and --%s exclude each other (%s): leave one out", f.name, f.why)
		}
	}
	return nil
}

// roomMTU is for how many probes of a discovery there is room at a time.
const roomMTU = 1024

// readyMTU prepares a plan for probes of many lengths that are not to be fragmented.
func (p *plan) readyMTU() {
	p.config.Flow.DontFragment = true
	p.room = roomMTU
	if m := p.route.PathMTU; m > 0 && m < p.route.MTU {
		p.notes = append(p.notes, fmt.Sprintf(
			"this host holds %d bytes for the path's MTU, which probes don't heed (ip route get %v)", m, p.target))
	}
}

// runMTU finds the path MTU and writes it; see run.
func (o *options) runMTU(ctx context.Context, p *plan, c *clock, b *bar, w output.MTUWriter) error {
	h := o.header(ctx, p, c)
	h.Size = p.route.MTU
	if err := w.Start(h); err != nil {
		return &exitError{ExitNotReached, err}
	}
	config := p.mtuConfig()
	config.OnHop = func(h pmtu.Hop) {
		b.hop(h.Hop)
		w.Hop(h) // a failure comes back from End
	}
	config.OnDrop = func(d pmtu.Drop) { w.Drop(d) }
	r, err := p.discover(ctx, config, c)
	b.finish()
	if err := errors.Join(err, w.End(r, err), p.keep.endMTU(h, r, err)); err != nil {
		return &exitError{ExitNotReached, err}
	}
	if !r.Reached() {
		return &exitError{status: ExitNotReached}
	}
	return nil
}

func (p *plan) mtuConfig() pmtu.Config {
	c := p.config
	return pmtu.Config{
		Flow: c.Flow, Protocol: c.Protocol, MTU: p.route.MTU, FirstTTL: c.FirstTTL, MaxTTL: c.MaxTTL,
		Window: c.Window, Pace: c.Pace, GapLimit: c.GapLimit, Wait: c.Wait,
	}
}

// discover runs for as long as the interface is there to send by.
func (p *plan) discover(ctx context.Context, config pmtu.Config, c *clock) (*pmtu.Result, error) {
	watched, stop, err := socket.Watch(ctx, p.route)
	if err != nil {
		return nil, err
	}
	r, err := pmtu.Run(watched, config, c.sender, c)
	fault := stop()
	if fault == nil || r == nil || r.Stop != tracer.StopInterrupted && r.Stop != tracer.StopFailed {
		return r, err
	}
	r.Stop = tracer.StopFailed // and whatever else went wrong comes from that
	return r, fault
}
