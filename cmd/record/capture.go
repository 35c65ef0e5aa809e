package record

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// capture is what a file holds of packets, in order of time.
type capture struct {
	packets []packet
	offset  int64 // from CLOCK_MONOTONIC to the wall clock, in nanoseconds
	// sent and heard are the numbers of a probe's packet and of its first
	// answer's, from 1, by identifier.
	sent, heard map[uint16]int
}

// packet is a probe, built anew when it is written, or an answer.
type packet struct {
	at    stamp.Mono
	probe *sent   // the probe that was sent, or whose first answer it is
	in    *answer // nil: a probe
	words string
}

// capture puts the packets of a run in order, their dates by an offset.
func (r *Recorder) capture(offset int64) capture {
	c := capture{offset: offset, sent: map[uint16]int{}, heard: map[uint16]int{}}
	for _, s := range r.order {
		if s.State != tracer.NotSent {
			c.packets = append(c.packets, packet{at: leaving(s.Probe), probe: s, words: fate(s.Probe)})
		}
	}
	var last stamp.Mono
	for i := range r.answers {
		a := &r.answers[i]
		last = cmp.Or(arriving(a), last) // without a stamp, when the one before it came
		c.packets = append(c.packets, packet{at: last, probe: a.probe, in: a, words: role(a)})
	}
	slices.SortStableFunc(c.packets, func(a, b packet) int { return cmp.Compare(a.at, b.at) })
	for i, p := range c.packets {
		switch {
		case p.in == nil:
			c.sent[p.probe.Ident] = i + 1
		case p.probe != nil:
			c.heard[p.probe.Ident] = i + 1
		}
	}
	return c
}

// offset is the median of what the probes say.
func offset(probes []*sent) int64 {
	var all []int64
	for _, s := range probes {
		if at := s.Stamps[stamp.UserSend]; at != 0 {
			all = append(all, s.SentAt.UnixNano()-int64(at))
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// wall brings a stamp to the wall clock.
func (c capture) wall(at stamp.Mono) time.Time { return time.Unix(0, c.offset+int64(at)).UTC() }

// leaving is when a probe was sent: as its round-trip time has it, if it has one.
func leaving(p tracer.Probe) stamp.Mono {
	s := p.Stamps
	if p.State.Heard() && p.Timing.Name != "" {
		return s[p.Timing.Send]
	}
	return cmp.Or(s[stamp.DriverStart], s[stamp.SocketSend], s[stamp.TCXEgress], s[stamp.UserSend])
}

// arriving is when an answer came; 0: not stamped.
func arriving(a *answer) stamp.Mono {
	if a.probe != nil && a.probe.Timing.Name != "" {
		return a.probe.Stamps[a.probe.Timing.Receive]
	}
	return cmp.Or(a.Stamps[stamp.Receive], a.Stamps[stamp.TCXIngress], a.Stamps[stamp.UserReceive])
}

// fate says in words what a probe was and what became of it.
func fate(p tracer.Probe) string {
	words := fmt.Sprintf("probe of TTL %d: %s", p.TTL, p.State)
	if p.State.Heard() {
		words += fmt.Sprintf(" by %v", output.Plain(p.Answer.From))
	}
	if p.State.Heard() && p.Timing.Name != "" {
		words += fmt.Sprintf(" after %s (%s)", output.Duration(p.RTT), p.Timing.Name)
	}
	return words
}

// role says what an answer was to the run.
func role(a *answer) string {
	switch {
	case a.probe != nil:
		return fmt.Sprintf("answer to the probe of TTL %d", a.probe.TTL)
	case a.Duplicate:
		return "further answer to a probe"
	}
	return "answer that was not taken for any probe's"
}
