package middlebox

import "github.com/ebpftrace/ebpftrace/tracer/wire"

// checksumAt is where the checksum lies in the transport header.
func checksumAt(protocol uint8) int {
	switch protocol {
	case wire.ProtocolUDP:
		return 6
	case wire.ProtocolTCP:
		return 16
	}
	return 2 // ICMP, ICMPv6
}

// checksum enters the checksum, with what the fields that are seen don't explain
// of its change as its key: a box that rewrites a field amends the checksum. One
// that was restored, or never amended, is as sent.
func (s sights) checksum(sent, seen *wire.Quote) {
	at := checksumAt(sent.Protocol)
	p := pair{sent.Transport, seen.Transport}
	if !p.has(at+2) || hides(sent, seen) {
		return
	}
	was, is := p.words(at)
	key := ""
	switch left := residue(sent, seen, at); {
	case was == is:
	case sent.Protocol == wire.ProtocolUDP && is == 0:
		key = removed
	case left != 0:
		key = hex16(left)
	}
	s[Checksum] = sight{key, hex16(was), hex16(is)}
}

// removed is the key of a UDP checksum that was made none (RFC 768).
const removed = "none"

// hides reports that the quote leaves out something other than payload that the
// checksum covers and that may have changed: TCP options, or whatever a header of
// another length has moved.
func hides(sent, seen *wire.Quote) bool {
	if whole(seen) {
		return false
	}
	switch sent.Protocol {
	case wire.ProtocolTCP:
		_, ok := options(seen.Transport)
		return !ok || seen.Transport[12] != sent.Transport[12]
	case wire.ProtocolUDP:
		return [2]byte(sent.Transport[4:]) != [2]byte(seen.Transport[4:])
	}
	return false
}

// whole reports whether a packet is quoted to its end.
func whole(q *wire.Quote) bool {
	header := wire.IPv4HeaderLen
	if q.Source.Is6() {
		header = wire.IPv6HeaderLen
	}
	return q.Length == header+len(q.Transport)
}

// residue returns the sum, in ones' complement, of what was changed of all that
// the checksum covers without being seen in the quote; 0 if nothing was.
func residue(sent, seen *wire.Quote, at int) uint16 {
	before, now := len(sent.Transport), len(seen.Transport)
	if !whole(seen) {
		before, now = min(before, now), min(before, now)
	}
	was, is := pair{sent.Transport, seen.Transport}.words(at)
	// A checksum is the complement of the sum of what it covers.
	return zero(wire.Sum(0).AddWord(^is).AddWord(was).
		AddWord(^covered(seen, now, at)).AddWord(covered(sent, before, at)).Fold())
}

// zero makes one of the two zeros of ones' complement.
func zero(sum uint16) uint16 {
	if sum == 0xffff {
		return 0
	}
	return sum
}

// covered returns the sum of the first n bytes of the transport header and what
// follows, less the checksum, and of the pseudo-header, which ICMP does not have
// (RFC 792).
func covered(q *wire.Quote, n, at int) uint16 {
	sum := wire.Sum(0).Add(q.Transport[:at]).Add(q.Transport[at+2 : n])
	if q.Protocol != wire.ProtocolICMP {
		sum = sum.AddAddr(q.Source).AddAddr(q.Target).AddWord(uint16(n))
	}
	return sum.Fold()
}
