package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"time"
)

// Options says what to look at. The zero value means the interface of the default
// route.
type Options struct {
	// Target is whom the interface has to lead to; invalid means anybody.
	Target netip.Addr
	// Interface is the name of the interface; empty means that of the route.
	Interface string
}

// patience bounds how long one look may take, and all of them.
type patience struct{ look, all time.Duration }

var usual = patience{look: 8 * time.Second, all: 20 * time.Second}

// host is what looks see of this machine.
type host struct {
	Options
	patience patience
	root     fs.FS // "/"
	known    Facts // by earlier looks
}

// look looks at one thing.
type look struct {
	// find looks, and returns what notes the finding down.
	find func(host) (note func(*Facts))
	// fail notes down that there is no finding.
	fail func(*Facts, error)
}

// into makes a look of a function and the place for what it finds.
func into[T any](place func(*Facts) *Fact[T], find func(host) (T, error)) look {
	return look{
		find: func(h host) func(*Facts) {
			v, err := find(h)
			return func(f *Facts) { *place(f) = found(v, err) }
		},
		fail: func(f *Facts, err error) { *place(f) = Fact[T]{err: err, looked: true} },
	}
}

// looks are done in this order: a later one may use what an earlier one found.
// A new one is a line here.
var looks = []look{
	into(func(f *Facts) *Fact[Kernel] { return &f.Kernel }, lookKernel),
	into(func(f *Facts) *Fact[Process] { return &f.Process }, lookProcess),
	into(func(f *Facts) *Fact[Capabilities] { return &f.Capabilities }, lookCapabilities),
	into(func(f *Facts) *Fact[Device] { return &f.Device }, lookDevice),
	into(func(f *Facts) *Fact[BTF] { return &f.BTF }, lookBTF),
	into(func(f *Facts) *Try { return &f.Programs }, tryPrograms),
	into(func(f *Facts) *Try { return &f.RingBuffer }, tryRingBuffer),
	into(func(f *Facts) *Try { return &f.TAIHelper }, tryTAIHelper),
	into(func(f *Facts) *Try { return &f.KernelReads }, tryKernelReads),
	into(func(f *Facts) *Fact[JIT] { return &f.JIT }, lookJIT),
	into(func(f *Facts) *Fact[Memlock] { return &f.Memlock }, lookMemlock),
	into(func(f *Facts) *Fact[string] { return &f.Unprivileged }, lookUnprivileged),
	into(func(f *Facts) *Fact[string] { return &f.Lockdown }, lookLockdown),
	into(func(f *Facts) *Try { return &f.Receive }, tryReceive),
	into(func(f *Facts) *Fact[TAI] { return &f.TAI }, lookTAI),
	into(func(f *Facts) *Fact[Clocksource] { return &f.Clocksource }, lookClocksource),
	into(func(f *Facts) *Try { return &f.Datagram }, tryDatagram),
	into(func(f *Facts) *Try { return &f.Raw }, tryRaw),
	into(func(f *Facts) *Try { return &f.Ping }, tryPing),
	into(func(f *Facts) *Fact[string] { return &f.PingRange }, lookPingRange),
	into(func(f *Facts) *Fact[TCX] { return &f.TCX }, lookTCX),
	into(func(f *Facts) *Fact[[]Filter] { return &f.Filters }, lookFilters),
	into(func(f *Facts) *Fact[[]Leftover] { return &f.Leftovers }, lookLeftovers),
	into(func(f *Facts) *Fact[Trial] { return &f.Trial }, lookTrial),
}

// errSlow says that a look was not over in time.
var errSlow = errors.New("there was no answer in time")

// gather does the looks. One that is not over in time leaves its fact unknown, and
// so do all when ctx ends.
func gather(ctx context.Context, h host, all []look) *Facts {
	ctx, cancel := context.WithTimeout(ctx, h.patience.all)
	defer cancel()
	f := &Facts{}
	for _, l := range all {
		h.known = *f
		bounded(ctx, h, l)(f)
	}
	return f
}

// bounded does one look. A look that panics has found nothing.
func bounded(ctx context.Context, h host, l look) (note func(*Facts)) {
	ctx, cancel := context.WithTimeout(ctx, h.patience.look)
	defer cancel()
	failed := func(err error) func(*Facts) { return func(f *Facts) { l.fail(f, err) } }
	notes := make(chan func(*Facts), 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				notes <- failed(fmt.Errorf("looking failed: %v", p))
			}
		}()
		notes <- l.find(h)
	}()
	select {
	case note = <-notes:
		return note
	case <-ctx.Done():
		return failed(errSlow)
	}
}
