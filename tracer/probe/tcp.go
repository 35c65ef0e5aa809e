package probe

import "github.com/ebpftrace/ebpftrace/tracer/wire"

const (
	// linuxWindow is the window that Linux opens with on an Ethernet.
	linuxWindow = 64240
	// ethernetMTU is what the announced segment size is worked out from.
	ethernetMTU = 1500
	mssLen      = 4
)

// TCP probes with SYN segments whose sequence number is the flow's secret,
// then the identifier. They look like the start of a connection, so all have
// the option with the maximum segment size: some firewalls drop a SYN without.
// They have no payload unless the flow's size asks for it; data in a SYN is
// legal (RFC 9293, 3.4), but unusual enough that devices may drop it.
type TCP struct{}

// Name returns "tcp".
func (TCP) Name() string { return "tcp" }

// Number returns 6 for both families.
func (TCP) Number(bool) uint8 { return wire.ProtocolTCP }

// DefaultPort returns that of HTTP.
func (TCP) DefaultPort() uint16 { return 80 }

// MinSize returns 44, for IPv6 64; this is the default as well.
func (TCP) MinSize(ipv6 bool) int { return headerSize(ipv6) + wire.TCPHeaderLen + mssLen }

// Marshal implements [Protocol].
func (p TCP) Marshal(f Flow, ttl uint8, ident uint16) ([]byte, error) {
	size := p.MinSize(f.IPv6())
	packet, err := f.begin(p, size, ttl, ident)
	if err != nil {
		return nil, err
	}
	header := wire.TCP{
		SourcePort: f.SourcePort, TargetPort: f.TargetPort,
		Sequence: uint32(f.Secret)<<16 | uint32(ident),
		Flags:    wire.FlagSYN,
		Window:   linuxWindow,
		Options:  wire.MSS(segmentSize(f.IPv6())),
	}
	payload := fill(cap(packet) - size)
	return header.Append(packet, f.Source, f.Target, payload), nil
}

// segmentSize returns what an Ethernet leaves behind IP and TCP header.
func segmentSize(ipv6 bool) uint16 {
	return uint16(ethernetMTU - headerSize(ipv6) - wire.TCPHeaderLen)
}

// Vary counts the source port up, and from 65535 on to 1: the destination port is
// the service that is traced to. Whoever takes answers has to expect them at all
// of these ports.
func (TCP) Vary(f Flow, n int) Flow {
	f.SourcePort = nextPort(f.SourcePort, n)
	return f
}

// Arrived takes a handshake's answer: the port is open, or closed.
func (TCP) Arrived(a wire.Answer) bool { return a.Kind == wire.SynAck || a.Kind == wire.Reset }
