package probe

import (
	"encoding/binary"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

const (
	// udpMark is the part of the payload that makes the checksum come out:
	// the identifier, for those who read captures, and the compensation.
	udpMark = 4
	// defaultPayload makes probes as long as those of traceroute(8), behind
	// a header of 8 bytes: 60 bytes over IPv4, 80 over IPv6.
	defaultPayload = 32
)

// UDP probes with datagrams whose checksum is the identifier. Their payload
// starts with the identifier and two bytes that make the checksum right.
// Without a size of their own they are 60 bytes long, over IPv6 80.
type UDP struct{}

// Name returns "udp".
func (UDP) Name() string { return "udp" }

// Number returns 17 for both families.
func (UDP) Number(bool) uint8 { return wire.ProtocolUDP }

// DefaultPort returns the first of the ports that traceroute(8) probes.
func (UDP) DefaultPort() uint16 { return 33434 }

// MinSize returns 32, for IPv6 52.
func (UDP) MinSize(ipv6 bool) int { return headerSize(ipv6) + wire.UDPHeaderLen + udpMark }

// Marshal implements [Protocol].
func (p UDP) Marshal(f Flow, ttl uint8, ident uint16) ([]byte, error) {
	size := headerSize(f.IPv6()) + wire.UDPHeaderLen + defaultPayload
	packet, err := f.begin(p, size, ttl, ident)
	if err != nil {
		return nil, err
	}
	datagram := len(packet)
	payload := fill(cap(packet) - datagram - wire.UDPHeaderLen)
	binary.BigEndian.PutUint16(payload, ident)
	binary.BigEndian.PutUint16(payload[2:], 0)
	header := wire.UDP{SourcePort: f.SourcePort, TargetPort: f.TargetPort}
	packet = header.Append(packet, f.Source, f.Target, payload)
	compensate(packet[datagram:], ident)
	return packet, nil
}

// compensate turns a datagram whose compensation is 0 into one with the given
// checksum. The checksum is the complement of the sum, so what the sum lacks
// to the complement of the wanted one is that complement plus the checksum.
func compensate(datagram []byte, checksum uint16) {
	was := binary.BigEndian.Uint16(datagram[6:])
	lack := wire.Sum(0).AddWord(^checksum).AddWord(was).Fold()
	binary.BigEndian.PutUint16(datagram[6:], checksum)
	binary.BigEndian.PutUint16(datagram[wire.UDPHeaderLen+2:], lack)
}

// Vary counts the destination port up, as traceroute(8) does, and from 65535 on
// to 1. The source port stays, by which the kernel half knows answers.
func (UDP) Vary(f Flow, n int) Flow {
	f.TargetPort = nextPort(f.TargetPort, n)
	return f
}

// Arrived takes a datagram from the target, or word that the port is closed,
// which only the target can send (RFC 1122, 3.2.2.1).
func (UDP) Arrived(a wire.Answer) bool { return a.Kind == wire.UDPReply || a.PortUnreachable() }
