package cli

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/names"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/privilege"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// clock opens the best source of timestamps that there is of a choice, and gives the
// plan's flow its source port.
func (o *options) clock(p *plan, t timing) (*clock, error) {
	c, err := t.open(setup{
		route: p.route, uplinks: p.uplinks, flow: p.config.Flow, protocol: p.config.Protocol,
		probes: p.probes(), ports: p.ports, user: o.stamps, hooks: o.hooks,
	})
	if err != nil {
		return nil, asFailure(err)
	}
	p.config.Flow.SourcePort = c.port
	c.notes = slices.Concat(c.notes, c.asides, p.notes)
	return c, nil
}

// confine gives up every privilege that an open clock does not need.
func (c *clock) confine() error { return privilege.Drop(c.needs...) }

// trace does what the command line asks for. The error carries the exit status.
func (o *options) trace(ctx context.Context, stdout, stderr io.Writer) error {
	keep, err := o.keeper()
	if err != nil {
		return err
	}
	defer keep.Close()
	p, c, err := o.open(ctx)
	if err != nil {
		return err
	}
	p.keep = keep
	defer func() { complain(stderr, c.Close()) }()
	if o.multipath.on {
		return o.findPaths(ctx, p, c, stdout, stderr)
	}
	if err := c.confine(); err != nil {
		return err
	}
	bar, stdout := newBar(stdout, stderr, o.host, p.config.MaxTTL)
	defer bar.finish()
	return o.write(ctx, p, c, bar, stdout, stderr)
}

// open finds the way to the target, and opens the clock for it.
func (o *options) open(ctx context.Context) (*plan, *clock, error) {
	p, err := o.plan(ctx)
	if err != nil {
		return nil, nil, err
	}
	t, err := timingByName(o.timing)
	if err != nil {
		return nil, nil, err
	}
	if o.mtu {
		p.readyMTU()
	}
	c, err := o.clock(p, t)
	return p, c, err
}

// write traces, and writes what was asked for.
func (o *options) write(ctx context.Context, p *plan, c *clock, b *bar, stdout, stderr io.Writer) error {
	f, err := o.formatted()
	if err != nil {
		return err
	}
	if o.mtu {
		return o.runMTU(ctx, p, c, b, output.MTU(f, stdout))
	}
	trace, err := o.run(ctx, p, c, b, output.Async(f.New(stdout), f.Patience))
	b.finish()
	aside(stderr, f, c.notes, trace)
	return err
}

// run traces and writes. What the network says is written in any case; the
// error is what the shell should know of it.
func (o *options) run(ctx context.Context, p *plan, c *clock, b *bar, w output.ProbeWriter) (*tracer.Trace, error) {
	p.keep.record(c)
	if err := w.Start(p.keep.start(o.header(ctx, p, c))); err != nil {
		return nil, &exitError{ExitNotReached, err}
	}
	p.config.OnProbe = func(q tracer.Probe) {
		p.keep.probe(q)
		if q.State != tracer.Sent {
			w.Probe(q) // a failure comes back from End
		}
	}
	p.config.OnHop = func(h tracer.Hop) {
		b.hop(h)
		w.Hop(h)
	}
	t, err := p.trace(ctx, c, b.loss)
	go c.Close() // takes some 20 ms, while names are awaited; who opened it waits
	b.finish()
	if err := errors.Join(err, w.End(t, err), p.keep.end(t, err)); err != nil {
		return t, &exitError{ExitNotReached, err}
	}
	if !t.Reached() {
		return t, &exitError{status: ExitNotReached}
	}
	return t, nil
}

// trace traces for as long as the interface is there to trace by. It calls further
// before it goes on to find out what loss means.
func (p *plan) trace(ctx context.Context, c *clock, further func()) (*tracer.Trace, error) {
	watched, stop, err := socket.Watch(ctx, p.route)
	if err != nil {
		return nil, err
	}
	t, err := tracer.Run(watched, p.config, c.sender, c)
	if p.loss && t != nil && err == nil {
		further()
		cfg := p.config
		cfg.OnProbe = p.keep.probe // they have no line of their own
		err = loss.Measure(watched, cfg, t, c.sender, c)
	}
	fault := stop()
	if fault == nil || t == nil || t.Stop != tracer.StopInterrupted && t.Stop != tracer.StopFailed {
		return t, err
	}
	t.Stop = tracer.StopFailed // and whatever else went wrong comes from that
	return t, fault
}

func (o *options) header(ctx context.Context, p *plan, c *clock) output.Header {
	h := output.Header{
		Target: o.host, Address: p.target, Host: hostName(), Source: p.config.Flow.Source,
		Interface: p.route.Interface, Protocol: p.config.Protocol.Name(),
		Port: p.config.Flow.TargetPort, MaxTTL: p.config.MaxTTL,
		Size: p.config.Flow.Size, Timing: c.timing.Name, Rung: c.rung, Notes: c.notes, Stamps: o.stamps, Diff: o.boxes.diff, Back: o.boxes.back, Unquoted: c.rung == ordinarySockets, Started: time.Now(),
	}
	if !o.numeric {
		h.Names = names.New(context.WithoutCancel(ctx), net.DefaultResolver, names.Limits{})
	}
	h.Colour, h.Width = o.look.colour, o.look.width
	if o.networks != nil {
		h.Origins = o.networks
	}
	return h
}

// hostName is this host's name; empty if it has none.
func hostName() string {
	name, _ := os.Hostname()
	return name
}
