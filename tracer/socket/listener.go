package socket

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
)

// ListenOptions says which answers to take, and how to stamp them.
type ListenOptions struct {
	// Raw is the socket that the probes leave by. It stays the caller's, to
	// be closed after the listener.
	Raw *Raw
	// Protocol is the IP protocol number or next header of the probes.
	Protocol uint8
	// SourcePort is that of the probes, or their echo identifier.
	SourcePort uint16
	// SourcePorts is how many of them there are, from SourcePort on; 0 means 1.
	SourcePorts int
	// Secret is what mixes identifiers into the IPv4 identification.
	Secret uint16
	// Slots is the most probes that are kept; see [join.Options].
	Slots int
	// Timestamps asks the kernel for stamp.SocketSend and stamp.Receive
	// besides the clock of this process.
	Timestamps bool
	// ReceiveBuffer is what each receiving socket may hold, in bytes
	// (SO_RCVBUF); 0 leaves it to the kernel. What finds it full is lost,
	// and counted.
	ReceiveBuffer int
}

// Listener sends probes and takes their answers from raw sockets, without help
// of eBPF. It is a [tracer.Sender], which all probes have to go through, and a
// [tracer.Source]. A [tracer.Source] of another kind may use the same probes at
// the same time.
//
// Like any other process, it does not hear what a local firewall drops, nor
// before it gets a CPU. Send, Counters, Gaps and Close may be called by several
// goroutines at a time; Next is for one.
type Listener struct {
	options   ListenOptions
	driver    bool // the driver is said to stamp what it sends
	receivers []*receiver
	stop      int // eventfd that ends the reading
	polled    []unix.PollFd
	answers   join.Inbox
	readers   sync.WaitGroup
	closing   sync.Once

	mu         sync.Mutex // guards what sending and reading share
	joiner     *join.Joiner
	departures *departures
	gaps       Gaps
	overflow   uint64 // answers that found the queue to Next full
	failure    error  // ended the reading
}

var (
	_ tracer.Sender = (*Listener)(nil)
	_ tracer.Source = (*Listener)(nil)
)

// backlog is how many answers may wait for Next.
const backlog = 1024

// Listen opens the receiving sockets in the calling thread's network namespace
// and starts to read. It takes the raw socket's SO_TIMESTAMPING for its own.
// Without CAP_NET_RAW the error is [ErrPermission].
func Listen(o ListenOptions) (_ *Listener, err error) {
	l := &Listener{options: o, stop: -1, answers: make(join.Inbox, backlog)}
	l.joiner, err = join.New(join.Options{
		Protocol: o.Protocol, SourcePort: o.SourcePort, SourcePorts: o.SourcePorts, Secret: o.Secret, Slots: o.Slots,
	})
	if err != nil {
		return nil, err
	}
	l.departures = newDepartures(o.Slots)
	if err := l.open(); err != nil {
		return nil, errors.Join(err, l.release())
	}
	l.readers.Go(l.read)
	return l, nil
}

// open opens the sockets, those that receive before the one that sends may.
func (l *Listener) open() error {
	var err error
	if l.stop, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return os.NewSyscallError("eventfd", err)
	}
	l.polled = []unix.PollFd{{Fd: int32(l.stop), Events: unix.POLLIN}}
	for _, protocol := range l.protocols() {
		r, err := newReceiver(protocol, l.options)
		if err != nil {
			return fmt.Errorf("receiving IP protocol %d: %w", protocol, err)
		}
		l.receivers = append(l.receivers, r)
		l.polled = append(l.polled, unix.PollFd{Fd: int32(r.fd), Events: unix.POLLIN})
	}
	if !l.options.Timestamps {
		return nil
	}
	l.driver = l.options.Raw.driverStamps()
	awaitReceiveStamps()
	return l.options.Raw.stampSends(0)
}

// protocols lists what answers come by: ICMP always, and the probes' own.
func (l *Listener) protocols() []uint8 {
	icmp := uint8(unix.IPPROTO_ICMP)
	if l.options.Raw.opts.IPv6 {
		icmp = unix.IPPROTO_ICMPV6
	}
	if l.options.Protocol == icmp {
		return []uint8{icmp}
	}
	return []uint8{icmp, l.options.Protocol}
}
