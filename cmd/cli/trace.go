package cli

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/names"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// instruments is what a trace needs to have open.
type instruments struct {
	raw   *socket.Raw
	port  *socket.Port
	clock *clock
}

// open opens the socket, the port and the clock of a plan, and gives the plan's
// flow its source port.
func (o *options) open(p *plan) (_ *instruments, err error) {
	i := &instruments{}
	defer func() {
		if err != nil {
			err = errors.Join(err, i.Close())
		}
	}()
	timing, err := timingByName(o.timing)
	if err != nil {
		return i, err
	}
	if err := timing.allowed(); err != nil {
		return i, err
	}
	flow := &p.config.Flow
	if i.raw, err = socket.Open(socket.Options{
		IPv6: flow.IPv6(), Interface: o.interfaceTo, Index: p.route.Index,
	}); err != nil {
		return i, err
	}
	number := p.config.Protocol.Number(flow.IPv6())
	if i.port, err = socket.Reserve(number, flow.Source, 0, p.route.Index); err != nil {
		return i, err
	}
	flow.SourcePort = i.port.Number
	i.clock, err = timing.open(setup{p.route, i.raw, *flow, p.config.Protocol, p.probes(), o.stamps})
	return i, err
}

// Close closes what was opened.
func (i *instruments) Close() error {
	var errs []error
	if i.clock != nil {
		errs = append(errs, i.clock.Close())
	}
	if i.port != nil {
		errs = append(errs, i.port.Close())
	}
	if i.raw != nil {
		errs = append(errs, i.raw.Close())
	}
	return errors.Join(errs...)
}

// trace does what the command line asks for. The error carries the exit status.
func (o *options) trace(ctx context.Context, stdout, stderr io.Writer) error {
	p, err := o.plan(ctx)
	if err != nil {
		return err
	}
	i, err := o.open(p)
	if err != nil {
		return err
	}
	defer i.Close()
	bar, stdout := newBar(stdout, stderr, o.host, p.config.MaxTTL)
	defer bar.finish()
	return o.run(ctx, p, i, bar, o.format().New(stdout))
}

// run traces and writes. What the network says is written in any case; the
// error is what the shell should know of it.
func (o *options) run(ctx context.Context, p *plan, i *instruments, b *bar, w output.Writer) error {
	w = output.Async(w, o.format().Patience)
	if err := w.Start(o.header(ctx, p, i.clock)); err != nil {
		return &exitError{ExitNotReached, err}
	}
	p.config.OnHop = func(h tracer.Hop) {
		b.hop(h)
		w.Hop(h) // a failure comes back from End
	}
	t, err := tracer.Run(ctx, p.config, i.clock.sender, i.clock)
	b.finish()
	if err := errors.Join(err, w.End(t, err)); err != nil {
		return &exitError{ExitNotReached, err}
	}
	if !t.Reached() {
		return &exitError{status: ExitNotReached}
	}
	return nil
}

func (o *options) format() output.Format {
	name := "table"
	if o.json {
		name = "json"
	}
	f, _ := output.ByName(name) // both are registered
	return f
}

func (o *options) header(ctx context.Context, p *plan, c *clock) output.Header {
	h := output.Header{
		Target: o.host, Address: p.target, Source: p.config.Flow.Source,
		Interface: p.route.Interface, Protocol: p.config.Protocol.Name(),
		Port: p.config.Flow.TargetPort, MaxTTL: p.config.MaxTTL,
		Size: p.config.Flow.Size, Timing: c.timing.Name, Notes: c.notes, Stamps: o.stamps, Started: time.Now(),
	}
	if !o.numeric {
		h.Names = names.New(context.WithoutCancel(ctx), net.DefaultResolver, names.Limits{})
	}
	return h
}
