package output

import (
	"net/netip"
	"sync"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// queueLimit is more than the calls that one trace can queue while names are waited
// for: 255 hops, its end, and some thousand probes a second where those are wanted.
const queueLimit = 4096

// async writes from a goroutine of its own.
type async struct {
	w        Writer
	patience time.Duration
	header   Header

	queue chan item
	hurry chan struct{} // closed when names are no longer waited for
	done  chan struct{} // closed when the queue is written out

	mu  sync.Mutex
	err error // first error of w
}

// item is one call of the Writer behind the queue.
type item struct {
	names    []<-chan struct{} // lookups that it waits for
	deadline time.Time         // but not for longer than this
	write    func() error
}

// Async returns a Writer whose Hop never waits, so that the tracing loop may
// call it: w is called from a goroutine, in the same order. Each hop is held
// back until the lookups of its names are over, or patience has passed since
// Hop was called; waits of several hops run at the same time. Hop starts the
// lookups that nobody has started.
//
// End waits until everything is written. Names delay that by patience at the
// longest, and not at all after an interruption. Errors of w come back from the
// calls after the one that met them.
func Async(w Writer, patience time.Duration) ProbeWriter {
	return &async{
		w:        w,
		patience: patience,
		queue:    make(chan item, queueLimit),
		hurry:    make(chan struct{}),
		done:     make(chan struct{}),
	}
}

func (a *async) Start(h Header) error {
	if err := a.w.Start(h); err != nil {
		return err
	}
	a.header = h
	go a.run()
	return nil
}

func (a *async) Hop(h tracer.Hop) error {
	a.push([]tracer.Hop{h}, func() error { return a.w.Hop(h) })
	return a.failed()
}

// Probe hands the probe on to a writer that wants it. What is to be known of who answered
// is looked up from then on, so that it is there when the hop is complete, or all ends.
func (a *async) Probe(p tracer.Probe) error {
	if p.State.Heard() {
		a.header.lookups(p.Answer.From)
	}
	if w, ok := a.w.(Prober); ok {
		a.queue <- item{write: func() error { return w.Probe(p) }}
	}
	return a.failed()
}

func (a *async) End(t *tracer.Trace, err error) error {
	var hops []tracer.Hop
	if t != nil {
		hops = t.Hops
		if t.Stop == tracer.StopInterrupted {
			close(a.hurry)
		}
	}
	a.push(hops, func() error { return a.w.End(t, err) })
	close(a.queue)
	<-a.done
	return a.failed()
}

func (a *async) push(hops []tracer.Hop, write func() error) {
	it := item{deadline: time.Now().Add(a.patience), write: write}
	for addr := range sources(hops) {
		it.names = append(it.names, a.header.lookups(addr)...)
	}
	a.queue <- it
}

func (a *async) run() {
	defer close(a.done)
	for it := range a.queue {
		a.await(it)
		a.keep(it.write())
	}
}

// await waits until the item may be written.
func (a *async) await(it item) {
	timer := time.NewTimer(time.Until(it.deadline))
	defer timer.Stop()
	for _, name := range it.names {
		select {
		case <-name:
		case <-timer.C:
			return
		case <-a.hurry:
			return
		}
	}
}

func (a *async) keep(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.err = err
	}
}

func (a *async) failed() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// sources returns the addresses that answered at the hops.
func sources(hops []tracer.Hop) map[netip.Addr]bool {
	all := make(map[netip.Addr]bool)
	for _, h := range hops {
		for _, p := range h.Probes {
			if p.State.Heard() {
				all[p.Answer.From] = true
			}
		}
	}
	return all
}
