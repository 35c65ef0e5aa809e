package middlebox

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/replypath"
)

// Verdict tells whether hops that answer from one address are one box.
type Verdict string

// The verdicts.
const (
	SameBox        Verdict = "same_box"
	DifferentBoxes Verdict = "different_boxes"
	Unclear        Verdict = "unclear"
)

// Repeat is a run of hops, silent ones in between left out, all of whose answers
// come from one address.
type Repeat struct {
	// First and Last are its ends, Ahead the last hop in front of it that
	// answered.
	Ahead, First, Last Hop
	Verdict            Verdict
	// Why says in words what the verdict rests on.
	Why string
}

// answered is what all answers of a hop have in common.
type answered struct {
	Hop
	sole      bool // all come from Addr
	steady    bool // and with the same TTL
	ttl       uint8
	quotedTTL int // as quoted; -1: not, or not always the same
}

func hopsOf(t *tracer.Trace) (all []answered) {
	for _, h := range t.Hops {
		a := answered{Hop: Hop{TTL: h.TTL}, sole: true, steady: true, quotedTTL: -1}
		for _, p := range h.Probes {
			if p.State.Heard() {
				a.add(p)
			}
		}
		if a.Addr.IsValid() {
			all = append(all, a)
		}
	}
	return all
}

func (a *answered) add(p tracer.Probe) {
	quoted := -1
	if p.Answer.Quote != nil {
		quoted = int(p.Answer.Quote.TTL)
	}
	if !a.Addr.IsValid() {
		a.Addr, a.ttl, a.quotedTTL = p.Answer.From, p.Answer.TTL, quoted
		return
	}
	a.sole = a.sole && a.Addr == p.Answer.From
	a.steady = a.steady && a.ttl == p.Answer.TTL
	if a.quotedTTL != quoted {
		a.quotedTTL = -1
	}
}

// repeats finds the runs.
func repeats(t *tracer.Trace) (all []Repeat) {
	hops := hopsOf(t)
	for i := 0; i < len(hops); i++ {
		end := i
		for end+1 < len(hops) && hops[i].sole && hops[end+1].sole && hops[end+1].Addr == hops[i].Addr {
			end++
		}
		if end == i {
			continue
		}
		r := Repeat{First: hops[i].Hop, Last: hops[end].Hop}
		if i > 0 {
			r.Ahead = hops[i-1].Hop
		}
		r.Verdict, r.Why = judge(hops[i : end+1])
		all = append(all, r)
		i = end
	}
	return all
}

// judge tells whether the hops of a run lie equally far away, by the way that the
// answers came: one box answers from one distance, whatever the TTL of the probe.
func judge(run []answered) (Verdict, string) {
	near, far := run[0], run[len(run)-1]
	for _, h := range run {
		if !h.steady {
			return Unclear, fmt.Sprintf("the reply TTL varies at hop %d", h.TTL)
		}
	}
	here, there := replypath.Infer(near.ttl, near.TTL), replypath.Infer(far.ttl, far.TTL)
	told := fmt.Sprintf("reply TTLs %d to %d", near.ttl, far.ttl)
	switch there.Hops - here.Hops {
	case 0:
		if near.quotedTTL == 0 {
			// Augustin et al., IMC 2006, section 4.1.
			return SameBox, fmt.Sprintf("%s: as far away; hop %d passes on packets whose TTL has run out", told, near.TTL)
		}
		return SameBox, told + ": as far away"
	case far.TTL - near.TTL:
		return DifferentBoxes, told + ": a hop further each"
	}
	return Unclear, told
}
