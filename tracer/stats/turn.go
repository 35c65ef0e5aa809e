package stats

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/chance"
)

// turning reports whether rounds switch between paths as chance would have it.
func (r *routes) turning() bool {
	if r.switches < minSwitches {
		return false
	}
	rounds := 0
	for _, o := range r.all {
		rounds += o.Rounds
	}
	first := r.all[0].Rounds
	return len(r.all) > maxRoutes || chance.Runs(first, rounds-first, r.switches+1) > turning
}

// differs returns the lowest TTL at which another address answers than on the path;
// 0 if there is none.
func (o *Route) differs(round map[int]netip.Addr) (ttl int) {
	for at, addr := range round {
		if known, ok := o.addrs[at]; ok && known != addr && (ttl == 0 || at < ttl) {
			ttl = at
		}
	}
	return ttl
}

// responders returns who answered at each hop.
func responders(hops []tracer.Hop) map[int]netip.Addr {
	round := map[int]netip.Addr{}
	for _, h := range hops {
		for _, p := range h.Probes {
			if p.State.Heard() {
				round[h.TTL] = p.Answer.From.Unmap()
			}
		}
	}
	return round
}

func began(hops []tracer.Hop) (first time.Time) {
	for _, h := range hops {
		for _, p := range h.Probes {
			if first.IsZero() || p.SentAt.Before(first) {
				first = p.SentAt
			}
		}
	}
	return first
}
