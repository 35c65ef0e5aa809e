package probe

import "github.com/ebpftrace/ebpftrace/tracer/wire"

// Bars reports whether an answer to probes of that protocol says that there is no way
// on: an ICMP error that is neither of a TTL nor of the target itself.
func Bars(p Protocol, a wire.Answer) bool {
	switch a.Kind {
	case wire.Unreachable, wire.PacketTooBig, wire.ParameterProblem:
		return !p.Arrived(a)
	}
	return false
}
