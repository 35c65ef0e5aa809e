package loss

import (
	"cmp"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Phase is what probes found that left at one pace. A hop may be there several
// times, as in rounds that follow each other.
type Phase struct {
	// Interval is the time from one probe of a hop to its next; 0: as soon as
	// the hop answers.
	Interval time.Duration
	Hops     []tracer.Hop
}

// hop is what all phases say of one TTL.
type hop struct {
	ttl int
	Count
	local int // probes that never reached the driver; not in Count
	// paces counts by phase, and answered tells of each of its probes in the
	// order in which they were sent.
	paces     []Count
	answered  [][]bool
	overtaken int // answers that came after one to a later probe
}

// gather sums up the phases by hop, in order of TTL.
func gather(phases []Phase) []*hop {
	byTTL := map[int]*hop{}
	driven := anyDriven(phases)
	for i, phase := range phases {
		for _, h := range phase.Hops {
			if byTTL[h.TTL] == nil {
				byTTL[h.TTL] = &hop{ttl: h.TTL, paces: make([]Count, len(phases)), answered: make([][]bool, len(phases))}
			}
			byTTL[h.TTL].add(i, h.Probes, driven)
		}
	}
	var hops []*hop
	for _, h := range byTTL {
		hops = append(hops, h)
	}
	slices.SortFunc(hops, func(a, b *hop) int { return cmp.Compare(a.ttl, b.ttl) })
	return hops
}

// add enters probes of one hop and phase. What was refused, or is still awaited,
// says nothing.
func (h *hop) add(phase int, probes []tracer.Probe, driven bool) {
	for i := range probes {
		p := &probes[i]
		switch {
		case p.State == tracer.NotSent || p.State == tracer.Sent:
			continue
		case driven && dropped(p):
			h.local++
			continue
		}
		one := Count{Sent: 1}
		if !p.State.Heard() {
			one.Lost = 1
		}
		h.Count = h.plus(one)
		h.paces[phase] = h.paces[phase].plus(one)
		h.answered[phase] = append(h.answered[phase], p.State.Heard())
	}
	h.overtaken += overtaken(probes)
}

// silent reports whether nobody ever answered at the hop.
func (h *hop) silent() bool { return h.Lost == h.Sent }

// anyDriven reports whether probes are stamped at the driver at all.
func anyDriven(phases []Phase) bool {
	for _, phase := range phases {
		for _, h := range phase.Hops {
			for _, p := range h.Probes {
				if p.Stamps[stamp.DriverStart] != 0 {
					return true
				}
			}
		}
	}
	return false
}

// dropped reports whether a probe was seen on its way out of this host and never
// reached the driver.
func dropped(p *tracer.Probe) bool {
	return !p.State.Heard() && p.Stamps[stamp.TCXEgress] != 0 && p.Stamps[stamp.DriverStart] == 0
}

// overtaken counts the answers of a hop's probes that came after one to a probe that
// was sent later, of the same flow (RFC 4737, 3.3). Only stamps of one pair of points
// are compared.
func overtaken(probes []tracer.Probe) (n int) {
	for i := range probes {
		if slices.ContainsFunc(probes, func(o tracer.Probe) bool { return overtakes(&o, &probes[i]) }) {
			n++
		}
	}
	return n
}

func overtakes(a, b *tracer.Probe) bool {
	if !a.State.Heard() || !b.State.Heard() || a.Flow != b.Flow || a.Timing != b.Timing || a.Timing.Name == "" {
		return false
	}
	send, receive := a.Timing.Send, a.Timing.Receive
	return a.Stamps[send] > b.Stamps[send] && a.Stamps[receive] < b.Stamps[receive]
}
