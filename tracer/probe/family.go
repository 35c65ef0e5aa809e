package probe

import "github.com/ebpftrace/ebpftrace/tracer/wire"

// MaxFlow is the largest number of a flow in its family: there are as many as
// there are ports but 0, and ICMP checksums that differ.
const MaxFlow = 65534

// Nth returns the n-th flow of the family that f begins, for n from 0 to
// [MaxFlow]; the 0th is f. It depends on nothing but f and n, so that a path that
// was found with a flow can be asked for again. Flows of a family differ in what
// per-flow balancers look at and in nothing else: UDP in the destination port, TCP
// in the source port, ICMP in the checksum, and over IPv6 all of them in the flow
// label as well (RFC 6438). Identifiers are not divided among the flows: each is
// to be used in one of them only.
func (f Flow) Nth(p Protocol, n int) Flow {
	if f.IPv6() {
		f.FlowLabel = (f.FlowLabel + uint32(n)) & wire.MaxFlowLabel
	}
	return p.Vary(f, n)
}

// nextPort counts n ports up; 65535 is followed by 1, for port 0 is reserved
// (RFC 6335, 6). A port of 0 stays: it is for Marshal to refuse.
func nextPort(port uint16, n int) uint16 {
	if port == 0 {
		return 0
	}
	return uint16((int(port)-1+n)%0xffff + 1)
}
