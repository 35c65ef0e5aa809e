package sim

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gopacket/gopacket"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// LinkOptions tells a [Link] what the eBPF programs are told of a flow.
type LinkOptions struct {
	// Secret is that of the flow: IPv4 identification = identifier ^ Secret.
	Secret uint16
	// SourcePort is that of the flow; with ICMP, the echo identifier.
	SourcePort uint16
	// SourcePorts is how many source ports from that one on probes may have,
	// where flows differ in it: see probe.Flow.Nth. 0 means 1.
	SourcePorts int
}

// owns reports whether probes may come from the port. Those from 65535 on are
// counted from 1: there is no port 0.
func (o LinkOptions) owns(port uint16) bool {
	behind := int(port) - int(o.SourcePort)
	if behind < 0 {
		behind += 0xffff
	}
	return behind < max(o.SourcePorts, 1)
}

// Link is a [tracer.Sender] and [tracer.Source] with a [Network] behind. It
// joins probes and answers as the eBPF programs do, with as many slots as there
// are identifiers. Its stamps are taken from the time package's clock, so in a
// testing/synctest bubble, inside of which it then has to be made, they are
// exact. It may be used by several goroutines.
type Link struct {
	mu       sync.Mutex
	net      *Network
	options  LinkOptions
	epoch    time.Time // where stamps count from
	arrivals arrivals  // under way
	ready    []tracer.Answer
	sent     map[uint16]*sentProbe
	last     *sentProbe
	counters tracer.Counters
	wake     chan struct{} // tells Next that something new is under way
}

var (
	_ tracer.Sender = (*Link)(nil)
	_ tracer.Source = (*Link)(nil)
)

// snapshot is the most bytes of an answer that the programs hand over.
const snapshot = 1280

// NewLink returns a link to the network, which is the link's from then on.
func NewLink(n *Network, o LinkOptions) *Link {
	return &Link{
		net:     n,
		options: o,
		epoch:   time.Now().Add(-time.Second), // a stamp of 0 means none
		sent:    make(map[uint16]*sentProbe),
		wake:    make(chan struct{}, 1),
	}
}

// Send implements [tracer.Sender]. Errors say why a packet is no IP packet.
func (l *Link) Send(packet []byte) (stamp.Mono, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	packet = complete(packet)
	probe, err := parse(packet)
	if err != nil {
		return 0, fmt.Errorf("send probe: %w", err)
	}
	l.settle(now)
	l.record(probe, l.mono(now))
	for _, d := range l.net.Handle(now, packet) {
		l.arrivals.add(now.Add(d.After), d.Packet)
	}
	select {
	case l.wake <- struct{}{}:
	default: // it will look anyway
	}
	return l.mono(now), nil
}

// complete fills in the IPv4 header checksum if there is none, as the kernel
// does for raw sockets (raw(7)).
func complete(packet []byte) []byte {
	packet = slices.Clone(packet)
	if len(packet) < 20 || packet[0]>>4 != 4 {
		return packet
	}
	header := packet[:min(len(packet), int(packet[0]&0xf)*4)]
	if len(header) >= 20 && binary.BigEndian.Uint16(header[10:]) == 0 {
		sum := gopacket.FoldChecksum(gopacket.ComputeChecksum(header, 0))
		binary.BigEndian.PutUint16(header[10:], sum)
	}
	return packet
}

// Counters implements [tracer.Source]. The error is always nil.
func (l *Link) Counters() (tracer.Counters, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settle(time.Now())
	return l.counters, nil
}

// Network returns the counters of the network behind.
func (l *Link) Network() Counters {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.net.Counters()
}

func (l *Link) mono(t time.Time) stamp.Mono { return stamp.Mono(t.Sub(l.epoch)) }
