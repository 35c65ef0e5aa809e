package middlebox

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// shown is how much of a payload that differs is told, in bytes.
const shown = 8

// transport compares what there is of the transport header and payload.
func (s sights) transport(sent, seen *wire.Quote) {
	if sent.Protocol != seen.Protocol {
		return // no answer is joined to a probe of another protocol
	}
	p := pair{sent.Transport, seen.Transport}
	switch sent.Protocol {
	case wire.ProtocolUDP:
		s.ports(p)
		s.word(UDPLength, p, 4)
		s.payload(p, wire.UDPHeaderLen, wire.UDPHeaderLen)
	case wire.ProtocolTCP:
		s.ports(p)
		s.tcp(p)
	default:
		s.word(EchoID, p, 4)
		s.word(EchoSequence, p, 6)
		s.payload(p, wire.EchoHeaderLen, wire.EchoHeaderLen)
	}
	s.checksum(sent, seen)
}

// pair is a transport header with payload as sent and as quoted, from its start.
type pair struct{ sent, seen []byte }

// has reports whether both go up to an offset.
func (p pair) has(end int) bool { return len(p.sent) >= end && len(p.seen) >= end }

func (p pair) words(at int) (sent, seen uint16) {
	return binary.BigEndian.Uint16(p.sent[at:]), binary.BigEndian.Uint16(p.seen[at:])
}

func (s sights) ports(p pair) {
	s.word(SourcePort, p, 0)
	s.word(TargetPort, p, 2)
}

func (s sights) word(f Field, p pair, at int) {
	if !p.has(at + 2) {
		return
	}
	sent, seen := p.words(at)
	s.value(f, number(sent), number(seen))
}

// tcp compares what is there of the header (RFC 9293, 3.1). A sequence number
// that a firewall shifts is shifted by as much in all probes of a connection.
func (s sights) tcp(p pair) {
	sent, seen := binary.BigEndian.Uint32(p.sent[4:]), binary.BigEndian.Uint32(p.seen[4:])
	s.varying(Sequence, decimal(sent), decimal(seen), decimal(seen-sent))
	if p.has(14) {
		s.value(Flags, flags(p.sent), flags(p.seen))
	}
	s.word(Window, p, 14)
	before, ok := options(p.sent)
	now, whole := options(p.seen)
	if !ok || !whole {
		return
	}
	s.value(MSS, number(before.mss), number(now.mss))
	s.value(Options, hex.EncodeToString(before.rest), hex.EncodeToString(now.rest))
	s.payload(p, before.end, now.end)
}

// flags are the control bits with the reserved ones in front: 12 bits.
func flags(header []byte) string { return hex16(binary.BigEndian.Uint16(header[12:]) & 0xfff) }

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// payload compares what follows the two headers, as far as the quote goes.
func (s sights) payload(p pair, sentAt, seenAt int) {
	if len(p.sent) <= sentAt || len(p.seen) <= seenAt {
		return
	}
	sent, seen := p.sent[sentAt:], p.seen[seenAt:]
	n := min(len(sent), len(seen))
	if bytes.Equal(sent[:n], seen[:n]) {
		s[Payload] = sight{}
		return
	}
	at := 0
	for sent[at] == seen[at] {
		at++
	}
	end := min(n, at+shown)
	s[Payload] = sight{"from byte " + strconv.Itoa(at), hex.EncodeToString(sent[at:end]), hex.EncodeToString(seen[at:end])}
}
