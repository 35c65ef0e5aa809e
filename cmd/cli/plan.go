package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// plan is a trace that makes sense, before anything that needs a privilege has
// been opened for it.
type plan struct {
	target netip.Addr
	route  socket.Route
	// uplinks are where answers may come in besides.
	uplinks []socket.Uplink
	notes   []string
	config  tracer.Config
	room    int  // more probes than config tells of; see probes
	loss    bool // find out what loss means
	ports   int  // how many source ports probes may have; 0: one
	// keep takes what is to be left in files; may be nil.
	keep *keeper
}

// plan finds the target and the way there, and fills in the trace's settings
// but for the source port.
func (o *options) plan(ctx context.Context) (*plan, error) {
	target, err := o.resolve(ctx, net.DefaultResolver)
	if err != nil {
		return nil, err
	}
	route, err := o.route(target)
	if err != nil {
		return nil, err
	}
	p := &plan{target: target, route: route, config: o.config.WithDefaults(), loss: o.loss}
	if err := p.findUplinks(); err != nil {
		return nil, err
	}
	if err := o.checkRepeat(target.Is6()); err != nil {
		return nil, err
	}
	p.config.Flow = o.flow(target, route)
	p.config.Protocol, p.config.Flow.TargetPort = o.protocol()
	p.choose(o.repeat)
	if o.multipath.on {
		p.spread(o.search(p))
	}
	return p, p.check()
}

// findUplinks finds where answers may come in besides.
func (p *plan) findUplinks() (err error) {
	var leftOut int
	p.uplinks, leftOut, err = socket.Uplinks(p.target, p.route)
	if leftOut > 0 {
		p.notes = append(p.notes, fmt.Sprintf("answers that come in by one of %d further interfaces are not seen", leftOut))
	}
	return err
}

func (o *options) route(target netip.Addr) (socket.Route, error) {
	source, err := o.sourceAddr()
	if err != nil {
		return socket.Route{}, err
	}
	if source.IsValid() && source.Is4() != target.Is4() {
		return socket.Route{}, usage("source %v and target %v are of different families: use one family", source, target)
	}
	device := o.interfaceTo
	if device == "" {
		device = target.Zone()
	}
	route, err := socket.Lookup(target, socket.RouteOptions{Interface: device, Source: source})
	return route, asUsage(err)
}

// flow returns what all probes have in common.
func (o *options) flow(target netip.Addr, route socket.Route) probe.Flow {
	class, _ := o.boxes.trafficClass(o.tos) // check has seen it
	return probe.Flow{
		Source: route.Source, Target: target.WithZone(""), SourcePort: uint16(o.sourcePort),
		FlowLabel:    o.repeat.first(),
		TrafficClass: class, DontFragment: o.dontFragment,
		Size: o.size, Secret: probe.DrawSecret(),
	}
}

// check builds a probe, to learn in time that none can be built.
func (p *plan) check() error {
	flow := p.config.Flow
	flow.SourcePort = cmp.Or(flow.SourcePort, 1) // any will do: none is reserved yet
	packet, err := p.config.Protocol.Marshal(flow, 1, flow.Secret+1)
	if err != nil {
		return asUsage(err)
	}
	if len(packet) > p.route.MTU {
		return usage("a packet of %d bytes exceeds the MTU of %s, %d: give a shorter length",
			len(packet), p.route.Interface, p.route.MTU)
	}
	p.config.Flow.Size = len(packet)
	return nil
}

// mostProbes is as many as there can be slots for, each twice over.
const mostProbes = 1 << 15

// probes is the most that the trace can send.
func (p *plan) probes() int {
	queries := p.config.Queries
	if p.loss {
		queries += loss.Probes
	}
	return max(p.room, min(p.config.MaxTTL*queries, mostProbes))
}

// asUsage marks an error as one of what was asked for.
func asUsage(err error) error {
	var exit *exitError
	if err == nil || errors.As(err, &exit) {
		return err
	}
	return &exitError{ExitUsage, err}
}
