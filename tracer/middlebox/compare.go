package middlebox

import (
	"fmt"
	"math/bits"
	"strconv"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// congested is what a router marks instead of dropping (RFC 3168, 5).
const congested = "ce"

// codepoints are the values of the ECN field (RFC 3168, 5).
var codepoints = [4]string{"not-ect", "ect1", "ect0", congested}

// compare holds a quote against the packet as sent, which is given as if it were
// quoted whole.
func compare(sent, seen *wire.Quote) sights {
	s := sights{}
	s.value(SourceAddress, sent.Source.String(), seen.Source.String())
	s.value(TargetAddress, sent.Target.String(), seen.Target.String())
	s.value(DSCP, number(sent.TrafficClass>>2), number(seen.TrafficClass>>2))
	s.value(ECN, codepoints[sent.TrafficClass&3], codepoints[seen.TrafficClass&3])
	s.length(sent, seen)
	if sent.Source.Is4() {
		s.value(DF, flag(sent.DontFragment), flag(seen.DontFragment))
		s.ident(sent.ID, seen.ID)
	} else {
		s.value(FlowLabel, label(sent.FlowLabel), label(seen.FlowLabel))
	}
	s.transport(sent, seen)
	return s
}

// ident leaves out a byte order that is the quoting system's own.
func (s sights) ident(sent, seen uint16) {
	if seen == bits.ReverseBytes16(sent) {
		seen = sent
	}
	s.varying(ID, hex16(sent), hex16(seen), "rewritten")
}

// length leaves out what BSD and its heirs quote: the length in their own byte
// order, less the header, or both.
func (s sights) length(sent, seen *wire.Quote) {
	length := seen.Length
	header := wire.IPv4HeaderLen
	for _, habit := range []int{sent.Length - header, swapped(sent.Length), swapped(sent.Length - header)} {
		if sent.Source.Is4() && length == habit {
			length = sent.Length
		}
	}
	s.value(Length, strconv.Itoa(sent.Length), strconv.Itoa(length))
}

func swapped(n int) int { return int(bits.ReverseBytes16(uint16(n))) }

func number[T uint8 | uint16](n T) string { return strconv.Itoa(int(n)) }
func hex16(n uint16) string               { return fmt.Sprintf("%#04x", n) }
func label(n uint32) string               { return fmt.Sprintf("%#05x", n) }

func flag(set bool) string {
	if set {
		return "1"
	}
	return "0"
}
