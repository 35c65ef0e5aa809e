package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// meaning is what an ICMP error says: the mark of traceroute(8), and words.
type meaning struct{ mark, words string }

// unreachable4 holds the codes of ICMP type 3 (RFC 792, RFC 1122 3.2.2.1,
// RFC 1812 5.2.7.1). Code 4 is a packet too big.
var unreachable4 = map[uint8]meaning{
	0:  {"!N", "network unreachable"},
	1:  {"!H", "host unreachable"},
	2:  {"!P", "protocol unreachable"},
	3:  {"!p", "port unreachable"},
	5:  {"!S", "source route failed"},
	6:  {"!N", "network unknown"},
	7:  {"!H", "host unknown"},
	8:  {"!N", "source host isolated"},
	9:  {"!X", "network administratively prohibited"},
	10: {"!X", "host administratively prohibited"},
	11: {"!N", "network unreachable for this type of service"},
	12: {"!H", "host unreachable for this type of service"},
	13: {"!X", "communication administratively prohibited"},
	14: {"!V", "host precedence violation"},
	15: {"!C", "precedence cutoff in effect"},
}

// unreachable6 holds the codes of ICMPv6 type 1 (RFC 4443, 3.1).
var unreachable6 = map[uint8]meaning{
	0: {"!N", "no route to destination"},
	1: {"!X", "communication administratively prohibited"},
	2: {"!S", "beyond scope of source address"},
	3: {"!H", "address unreachable"},
	4: {"!p", "port unreachable"},
	5: {"!<5>", "source address failed policy"},
	6: {"!<6>", "reject route to destination"},
}

// explain returns what the answer says beside that it came; nothing for one
// that every hop, or every target, gives.
func explain(a wire.Answer) meaning {
	switch a.Kind {
	case wire.Unreachable:
		return unreachable(a)
	case wire.PacketTooBig:
		return tooBig(a.MTU)
	case wire.ParameterProblem:
		return parameterProblem(a)
	}
	return meaning{}
}

func unreachable(a wire.Answer) meaning {
	codes := unreachable4
	if a.From.Is6() {
		codes = unreachable6
	}
	if m, ok := codes[a.Code]; ok {
		return m
	}
	return meaning{fmt.Sprintf("!<%d>", a.Code), fmt.Sprintf("unreachable, code %d", a.Code)}
}

// tooBig leaves out an MTU of 0, which routers older than RFC 1191 send.
func tooBig(mtu int) meaning {
	if mtu == 0 {
		return meaning{"!F", "packet too big"}
	}
	return meaning{fmt.Sprintf("!F-%d", mtu), fmt.Sprintf("packet too big, MTU %d", mtu)}
}

func parameterProblem(a wire.Answer) meaning {
	return meaning{
		fmt.Sprintf("!<%d-%d>", a.Type, a.Code),
		fmt.Sprintf("parameter problem, code %d", a.Code),
	}
}
