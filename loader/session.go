package loader

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/cilium/ebpf/ringbuf"

	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Session holds attached programs and the stream of what they stamp. It
// is a [tracer.Source]. Close and Counters may be called at any time, also while
// another goroutine waits in Next; Next is for one goroutine.
type Session struct {
	objects   *bpf.KernelObjects
	hooks     Hooks
	record    ringbuf.Record
	event     bpf.KernelEvent
	broken    uint64     // answers whose checksum was wrong; guarded by mu
	stamping  timestamps // see receive.go
	timing    stamp.Timing
	fallbacks []error
	opened    []io.Closer // what Close closes, the last first

	mu   sync.Mutex      // guards ring, for it must not be read once closed, and broken
	ring *ringbuf.Reader // nil once closed
}

var _ tracer.Source = (*Session)(nil)

// Open loads the programs and attaches them in the network namespace of the
// calling thread; a caller that has changed namespaces must have locked the
// thread. From its return on, every probe is stamped.
//
// The error is a [*CapabilityError] where rights are missing, an
// [*UnsupportedError] where the kernel is too old, and a [*GoneError] where the
// interface does not exist. The caller closes the session. A process that dies
// leaves nothing behind, or with [Clsact] what the next one removes.
func Open(o Options) (*Session, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := CheckCapabilities(); err != nil {
		return nil, err
	}
	s := &Session{}
	if err := s.open(o); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

// open does so in this order:
//
//  1. receive stamps, since the programs are loaded for them or without
//  2. programs, maps and ring buffer
//  3. ingress and egress, for each of which the kernel waits until all its CPUs
//     have passed a quiet moment, some 10 ms (synchronize_rcu)
//  4. meanwhile, the driver's program, which stamps nothing before its probe was at
//     egress, and proof of the receive stamps, which the kernel has begun to take
func (s *Session) open(o Options) (err error) {
	config := o.config()
	receive := s.refine(o, stamp.Receive, func() error { return s.holdReceive(&config) })
	if s.objects, err = load(o, config); err != nil {
		return err
	}
	s.opened = append(s.opened, s.objects)
	if s.ring, err = ringbuf.NewReader(s.objects.Events); err != nil {
		return fmt.Errorf("map the ring buffer: %w", err)
	}
	s.opened = append(s.opened, s.ring)
	refined := s.meanwhile(o, receive)
	err = s.attach(o)
	s.timing = timing(refined())
	return err
}

// meanwhile attaches the driver's program and proves receive stamps beside the caller.
// What it returns waits for that, and says which stamps are taken. Neither depends on
// the network namespace of the thread.
func (s *Session) meanwhile(o Options, receive bool) (refined func() (driver, received bool)) {
	var running sync.WaitGroup
	var driver io.Closer
	var noDriver, noReceive error
	if o.Stamps == Refined {
		running.Go(func() { driver, noDriver = s.attachDriver(o) })
	}
	if receive {
		running.Go(func() { noReceive = s.confirmReceive() })
	}
	return func() (bool, bool) {
		running.Wait()
		if driver != nil {
			s.opened = append(s.opened, driver)
		}
		return s.refine(o, stamp.DriverStart, func() error { return noDriver }),
			receive && s.refine(o, stamp.Receive, func() error { return noReceive })
	}
}

// Close detaches the programs and frees them. A Next that waits returns
// os.ErrClosed within a few milliseconds. Closing again does nothing.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ring == nil {
		return nil
	}
	s.ring = nil
	return s.release()
}

// release closes what was opened, in reverse.
func (s *Session) release() (err error) {
	for _, c := range slices.Backward(s.opened) {
		err = errors.Join(err, c.Close())
	}
	s.opened = nil
	return err
}

var errClosed = fmt.Errorf("eBPF session: %w", os.ErrClosed)
