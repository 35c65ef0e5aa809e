package datagram

import (
	"errors"
	"net/netip"
	"sync"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Options says what to send, and how to stamp it.
type Options struct {
	// Flow is that of the probes. The socket is bound to its source address
	// and port; with port 0, to a free one that [Socket.Port] tells.
	Flow probe.Flow
	// Protocol is the IP protocol number or next header of the probes.
	Protocol uint8
	// Interface binds the socket to a device (SO_BINDTODEVICE, allowed to
	// anybody since Linux 5.7); empty: don't. Answers that come by another
	// device are not heard then.
	Interface string
	// Index is the device's index, the scope of link-local addresses.
	Index int
	// Slots is the most probes that are kept; see [join.Options].
	Slots int
	// UserClock asks for the stamps of this process's clock alone.
	UserClock bool
	// ReceiveBuffer is what the socket may hold, in bytes (SO_RCVBUF): a
	// megabyte if 0. The kernel doubles it, and grants no more than twice
	// net.core.rmem_max.
	ReceiveBuffer int
}

// Socket sends probes and takes their answers. It is a [tracer.Sender], which
// all probes have to go through, and a [tracer.Source].
//
// Like any other process, it does not hear what a local firewall drops, nor
// before it gets a CPU. Its memory is bounded, by the slots, by a queue of 1024
// answers and by the receive buffer. Send, Counters, Gaps and Close may be called
// by several goroutines at a time; Next is for one.
type Socket struct {
	options Options
	fd      int
	port    uint16
	driver  bool // the driver is said to stamp what it sends
	waker   *waker
	answers join.Inbox
	readers sync.WaitGroup
	closing sync.Once

	mu       sync.Mutex // guards what sending and reading share
	header   header     // what the socket puts into IP headers now
	joiner   *join.Joiner
	probes   *probes
	stamper  *socket.Stamper
	builder  builder
	more     counts // than the joiner counts
	over     error  // why there are no more answers; nil: there may be
	received [65536]byte
	control  [512]byte
}

var (
	_ tracer.Sender = (*Socket)(nil)
	_ tracer.Source = (*Socket)(nil)
)

// backlog is how many answers may wait for Next.
const backlog = 1024

// Open opens a socket in the calling thread's network namespace and starts to
// read. The error is errors.ErrUnsupported for a protocol that needs raw sockets,
// and os.ErrPermission where ping sockets are not allowed to the user.
func Open(o Options) (_ *Socket, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Socket{options: o, fd: -1, answers: make(join.Inbox, backlog)}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.release())
	}
	s.readers.Go(s.read)
	return s, nil
}

// open opens everything, so that what is sent then is heard.
func (s *Socket) open() error {
	var err error
	if s.waker, err = newWaker(); err != nil {
		return err
	}
	if s.fd, err = s.options.socket(); err != nil {
		return err
	}
	if s.port, err = s.options.bind(s.fd); err != nil {
		return err
	}
	if err := s.openBooks(); err != nil {
		return err
	}
	if err := s.startStamps(); err != nil {
		return err
	}
	return s.waker.watch(s.fd)
}

// openBooks makes what keeps probes and puts answers together.
func (s *Socket) openBooks() (err error) {
	o := s.options
	s.joiner, err = join.New(join.Options{
		Protocol: o.Protocol, SourcePort: s.port, Secret: o.Flow.Secret, Slots: o.Slots,
	})
	if err != nil {
		return err
	}
	s.probes, s.stamper = newProbes(o.Slots), socket.NewStamper(o.Slots)
	s.builder = builder{
		protocol: o.Protocol, icmp: o.icmpNumber(), source: netip.AddrPortFrom(o.Flow.Source, s.port),
	}
	return nil
}

// Port returns the port that the socket is bound to, or its echo identifier: the
// source port of the probes to send.
func (s *Socket) Port() uint16 { return s.port }

// icmp reports whether probes are echo requests.
func (o *Options) icmp() bool { return o.Protocol != wire.ProtocolUDP }
