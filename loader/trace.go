package loader

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// Trace traces the path to target from the network namespace of the calling thread,
// timed as near to the wire as kernel and capabilities allow. Of cfg.Flow, it fills in
// what is zero: addresses, ports, flow label and secret. Errors are those of [Open],
// [socket.Lookup] and [tracer.Run].
func Trace(ctx context.Context, target netip.Addr, cfg tracer.Config) (t *tracer.Trace, err error) {
	cfg = cfg.WithDefaults()
	route, err := socket.Lookup(target, socket.RouteOptions{Source: cfg.Flow.Source})
	if err != nil {
		return nil, err
	}
	complete(&cfg.Flow, cfg.Protocol, target, route)
	w, err := open(&cfg, route)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	watched, stop, err := socket.Watch(ctx, route)
	if err != nil {
		return nil, err
	}
	t, err = tracer.Run(watched, cfg, w.raw, w.session)
	return t, errors.Join(err, stop())
}

// complete fills in what a flow leaves open, but for its source port.
func complete(f *probe.Flow, p probe.Protocol, target netip.Addr, route socket.Route) {
	f.Source, f.Target = route.Source, target.WithZone("")
	if f.TargetPort == 0 {
		f.TargetPort = p.DefaultPort()
	}
	if f.FlowLabel == 0 {
		f.FlowLabel = probe.DrawFlowLabel()
	}
	if f.Secret == 0 {
		f.Secret = probe.DrawSecret()
	}
}

// wires are what a trace is sent and answered by.
type wires struct {
	raw     *socket.Raw
	session *Session
	closers []io.Closer
}

// Close closes them, the last first.
func (w *wires) Close() (err error) {
	for _, c := range slices.Backward(w.closers) {
		err = errors.Join(err, c.Close())
	}
	return err
}

// open opens them, and gives the flow its source port.
func open(cfg *tracer.Config, route socket.Route) (w *wires, err error) {
	w = &wires{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
		}
	}()
	uplinks, _, err := socket.Uplinks(cfg.Flow.Target, route)
	if err != nil {
		return w, err
	}
	if w.raw, err = route.Open(uplinks); err != nil {
		return w, err
	}
	w.closers = append(w.closers, w.raw)
	if err = w.reserve(cfg, route); err != nil {
		return w, err
	}
	return w, w.attach(cfg, route, uplinks)
}

func (w *wires) reserve(cfg *tracer.Config, route socket.Route) error {
	f := &cfg.Flow
	port, err := socket.Reserve(cfg.Protocol.Number(f.IPv6()), f.Source, f.SourcePort, route.Index)
	if err == nil {
		f.SourcePort, w.closers = port.Number, append(w.closers, port)
	}
	return err
}

func (w *wires) attach(cfg *tracer.Config, route socket.Route, uplinks []socket.Uplink) error {
	cookie, err := w.raw.Cookie()
	if err != nil {
		return err
	}
	f := &cfg.Flow
	w.session, err = Open(Options{
		Interface: route.Index, Uplinks: socket.Indices(uplinks), Cookie: cookie,
		Protocol: cfg.Protocol.Number(f.IPv6()), Port: f.SourcePort, Secret: f.Secret,
		Slots: uint32(join.SlotsFor(cfg.MaxTTL * cfg.Queries)),
	})
	if err == nil {
		w.closers = append(w.closers, w.session)
	}
	return err
}
