// Package replypath guesses from the TTL of an answer how many hops it came.
//
// An answer starts with a TTL that its sender's system has as its habit, and every
// router on the way back takes one off. It is a hint and no measurement: systems
// may be set otherwise, an address translator or tunnel may start anew, and a
// router inside an MPLS tunnel may send its answer to the tunnel's end first.
package replypath

// initials are the TTLs that systems start with: 32 Windows 95 and old printers,
// 64 Linux, BSD and most hosts, 128 Windows, 255 most routers and Solaris.
var initials = [...]uint8{32, 64, 128, 255}

// Tolerance is the number of hops by which forward and reply path may differ
// without being called asymmetric: ways within one network often do.
const Tolerance = 2

// Path is a way back, as it is likely to be.
type Path struct {
	// Initial is the TTL that the answer started with.
	Initial uint8
	// Hops is the length of the way back, counted as forward hops are: a
	// neighbour's answer comes 1 hop.
	Hops int
	// Asymmetric says that it differs by more than Tolerance from the way there.
	Asymmetric bool
}

// Infer guesses the way back of an answer to a probe that left with the TTL
// forward, or of the target the hop's. The initial TTL is the smallest that is
// usual. Below 33 that may be 32 or, if the way is long, 64: what comes nearer to
// the way there is taken.
func Infer(ttl uint8, forward int) Path {
	var p Path
	for _, initial := range initials {
		if initial < ttl {
			continue
		}
		hops := int(initial-ttl) + 1
		if p.Initial == 0 || p.Initial == initials[0] && distance(hops, forward) < distance(p.Hops, forward) {
			p.Initial, p.Hops = initial, hops
		}
		if initial >= initials[1] {
			break
		}
	}
	p.Asymmetric = distance(p.Hops, forward) > Tolerance
	return p
}

func distance(a, b int) int { return max(a-b, b-a) }
