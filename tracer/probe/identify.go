package probe

import (
	"encoding/binary"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// The types of echo requests, the only ICMP messages that are probes.
const (
	echoRequest4 = 8   // RFC 792
	echoRequest6 = 128 // RFC 4443, 4.1
)

// Identify returns the identifier of the probe that q quotes, as the kernel
// half finds it. All protocols have it in the same place: the UDP checksum, the
// echo's sequence number and the low half of TCP's are the last two of the
// first eight bytes of transport header. ok is false for a packet that is no
// probe of any flow. Whether the run sent it is for the caller to check: the
// IPv4 identification and the ports tell.
func Identify(q *wire.Quote) (ident uint16, ok bool) {
	if q == nil || len(q.Transport) < 8 || !isProbe(q) {
		return 0, false
	}
	ident = binary.BigEndian.Uint16(q.Transport[6:])
	return ident, ident != 0 && ident != 0xffff
}

func isProbe(q *wire.Quote) bool {
	switch q.Protocol {
	case wire.ProtocolUDP, wire.ProtocolTCP:
		return true
	case wire.ProtocolICMP:
		return q.Transport[0] == echoRequest4
	case wire.ProtocolICMPv6:
		return q.Transport[0] == echoRequest6
	}
	return false
}
