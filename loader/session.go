package loader

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"

	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// Session is a pair of attached programs and the stream of what they stamp. It
// is a [tracer.Source]. Close and Counters may be called at any time, also while
// another goroutine waits in Next; Next is for one goroutine.
type Session struct {
	iface     int
	objects   *bpf.KernelObjects
	links     [2]link.Link // ingress, egress
	nextCheck time.Time    // see checkGone
	record    ringbuf.Record
	event     bpf.KernelEvent

	mu   sync.Mutex      // guards ring, for it must not be read once closed
	ring *ringbuf.Reader // nil once closed
}

var _ tracer.Source = (*Session)(nil)

// Open loads the programs and attaches them in the network namespace of the
// calling thread; a caller that has changed namespaces must have locked the
// thread. From its return on, every probe is stamped.
//
// The error is a [*CapabilityError] where rights are missing, an
// [*UnsupportedError] where the kernel is too old, and a [*GoneError] where the
// interface does not exist. The caller closes the session; a process that dies
// leaves nothing behind either.
func Open(o Options) (*Session, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := CheckCapabilities(); err != nil {
		return nil, err
	}
	objects, err := load(o)
	if err != nil {
		return nil, err
	}
	s, err := open(objects, o.Interface)
	if err != nil {
		objects.Close()
	}
	return s, err
}

func open(objects *bpf.KernelObjects, iface int) (*Session, error) {
	ring, err := ringbuf.NewReader(objects.Events)
	if err != nil {
		return nil, fmt.Errorf("map the ring buffer: %w", err)
	}
	links, err := attach(objects, iface)
	if err != nil {
		ring.Close()
		return nil, err
	}
	return &Session{iface: iface, objects: objects, links: links, ring: ring}, nil
}

// Close detaches the programs and frees them. A Next that waits returns
// os.ErrClosed within a few milliseconds. Closing again does nothing.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ring == nil {
		return nil
	}
	err := errors.Join(s.links[1].Close(), s.links[0].Close(), s.ring.Close(), s.objects.Close())
	s.ring = nil
	return err
}

var errClosed = fmt.Errorf("eBPF session: %w", os.ErrClosed)
