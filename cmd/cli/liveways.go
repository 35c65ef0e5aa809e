package cli

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/cmd/live"
	"github.com/ebpftrace/ebpftrace/cmd/names"
	"github.com/ebpftrace/ebpftrace/cmd/privilege"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// ways are the protocols that a path can be measured by, with their clocks. To change
// between them later must not take a privilege, so all are opened at the start.
type ways struct {
	all    []live.Way
	first  int
	closer []io.Closer
	needs  []cap.Value
}

// Close closes the clocks, the latest first.
func (w *ways) Close() (err error) {
	for _, c := range slices.Backward(w.closer) {
		err = errors.Join(err, c.Close())
	}
	return err
}

// protocols are those to choose from, by the names that they have.
var protocols = []string{"udp", "icmp", "tcp"}

// ways opens a clock for each protocol; only the one asked for has to succeed. Of a
// report there is no changing, so it is the only one.
func (o *liveOptions) ways(ctx context.Context) (*ways, error) {
	p, err := o.plan(ctx)
	if err != nil {
		return nil, err
	}
	w := &ways{}
	asked := p.config.Protocol.Name()
	cache := names.New(context.WithoutCancel(ctx), net.DefaultResolver, names.Limits{})
	for _, name := range protocols {
		if o.summary && name != asked {
			continue
		}
		way, err := o.way(ctx, p, name == asked, name, w)
		if err != nil && name == asked {
			return nil, errors.Join(err, w.Close())
		}
		if name == asked {
			w.first = len(w.all)
		}
		if way.Err = err; err != nil {
			way.Header.Protocol = name
		}
		way.Header.Names = cache
		w.all = append(w.all, way)
	}
	return w, nil
}

// way opens the clock of a protocol.
func (o *liveOptions) way(ctx context.Context, p *plan, asked bool, protocol string, w *ways) (way live.Way, err error) {
	other := o.options
	if !asked {
		if p, err = p.by(&other, protocol); err != nil {
			return way, err
		}
	}
	t, err := timingByName(o.timing)
	if err != nil {
		return way, err
	}
	p.config.Queries = liveSlots
	c, err := other.clock(p, t)
	if err != nil {
		return way, err
	}
	p.config.Queries = 1
	w.closer = append(w.closer, c)
	w.needs = append(w.needs, c.needs...)
	way = live.Way{Header: other.header(ctx, p, c), Trace: p.config, Sender: c.sender, Source: c.Source}
	way.Watch = func(ctx context.Context) (context.Context, func() error, error) { return socket.Watch(ctx, p.route) }
	return way, nil
}

// liveSlots is how many rounds there is room for, so that late answers find their
// probes.
const liveSlots = 32

// by is the same plan with another protocol: that protocol's port, unless one was
// given, and a flow of its own.
func (p *plan) by(o *options, protocol string) (*plan, error) {
	o.icmp, o.tcp, o.udp = protocol == "icmp", protocol == "tcp", false
	if o.icmp {
		o.port = 0
	}
	q := *p
	q.config.Flow = o.flow(p.target, p.route)
	q.config.Protocol, q.config.Flow.TargetPort = o.protocol()
	return &q, q.check()
}

// confine gives up every privilege that no clock needs.
func (w *ways) confine() error { return privilege.Drop(w.needs...) }
