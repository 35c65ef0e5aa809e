package join

import (
	"fmt"
	"math/bits"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// SnapshotLen is the most bytes of an answer that are handed over: an
// ICMPv6 error never exceeds the minimum MTU (RFC 4443, 2.4 c), and an
// ICMPv4 error is shorter (RFC 1812, 4.3.2.3).
const SnapshotLen = 1280

// Options says which packets may answer a probe.
type Options struct {
	// Protocol is the IP protocol number or next header of the probes.
	Protocol uint8
	// SourcePort is that of the probes, or their echo identifier.
	SourcePort uint16
	// SourcePorts is how many of them there are, from SourcePort on, where
	// flows differ in it; 0 means 1.
	SourcePorts int
	// Secret is what mixes identifiers into the IPv4 identification.
	Secret uint16
	// Slots is the most probes that are kept: a power of two of at most
	// MaxSlots, or 0 for DefaultSlots. A probe is forgotten when another is
	// sent whose identifier agrees in the low bits.
	Slots int
}

// owns reports whether probes may have that source port.
func (o Options) owns(port uint16) bool {
	return int(port-o.SourcePort) < max(o.SourcePorts, 1)
}

// Joiner keeps the probes sent and joins answers to them. Its memory is bounded
// by [Options].Slots. It is for one goroutine at a time.
type Joiner struct {
	options  Options
	slots    []probe
	last     uint16 // identifier of the probe sent last
	counters tracer.Counters
}

// New returns a joiner that knows of no probe.
func New(o Options) (*Joiner, error) {
	if o.Slots == 0 {
		o.Slots = DefaultSlots
	}
	if o.Slots < 1 || o.Slots > MaxSlots || bits.OnesCount(uint(o.Slots)) != 1 {
		return nil, fmt.Errorf("%d probe slots: use a power of two of at most %d", o.Slots, MaxSlots)
	}
	return &Joiner{options: o, slots: make([]probe, o.Slots)}, nil
}

// Sent keeps a probe, of which it needs the IP header and the transport header,
// and returns its identifier. ok is false for bytes that are no probe.
func (j *Joiner) Sent(packet []byte) (ident uint16, ok bool) {
	p, ok := parse(packet)
	if !ok {
		return 0, false
	}
	j.last = p.ident()
	*j.slot(j.last) = newProbe(p)
	j.counters.Probes++
	return j.last, true
}

// Join makes an answer of a packet, which may be cut behind SnapshotLen bytes.
// ok is false for one that answers no probe: it is counted, unless its first
// bytes tell that it could not. The answer holds no stamps, and its Packet
// aliases packet.
func (j *Joiner) Join(packet []byte) (a tracer.Answer, ok bool) {
	p, ok := parse(packet)
	if !ok || !j.mayAnswer(p) {
		return a, false
	}
	m := j.match(p)
	length := min(p.length, SnapshotLen)
	switch {
	case m.malformed:
		j.counters.Malformed++
	case m.foreign:
		j.counters.Foreign++
	case m.probe == nil:
		j.counters.Unmatched++
	case len(packet) < length:
		j.counters.Malformed++
	default:
		return j.answer(m, packet[:length], p.length), true
	}
	return a, false
}

// answer claims the probe, unless the answer named none.
func (j *Joiner) answer(m match, packet []byte, length int) tracer.Answer {
	duplicate := !m.unidentified && m.probe.claimed
	if !m.unidentified {
		m.probe.claimed = true
	}
	if duplicate {
		j.counters.Duplicates++
	}
	j.counters.Answers++
	return tracer.Answer{
		Ident: m.probe.ident, Packet: packet, Length: length,
		Duplicate: duplicate, Rewritten: m.rewritten, Unidentified: m.unidentified,
	}
}

// Counters returns what has been counted so far; Overflow is for the caller.
func (j *Joiner) Counters() tracer.Counters { return j.counters }
