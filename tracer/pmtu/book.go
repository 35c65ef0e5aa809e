package pmtu

import (
	"github.com/ebpftrace/ebpftrace/tracer"
)

// fails returns the shortest length that does not pass, above what does; 0: none.
func (f *search) fails() (least int) {
	for size, t := range f.sizes {
		if t.fails() && size > f.passes && (least == 0 || size < least) {
			least = size
		}
	}
	return least
}

// bookAll books packets. answers says that the last of them was answered, so that it
// means something if the others were not.
func (f *search) bookAll(shots []tracer.Probe, answers bool) {
	f.probes += len(shots)
	f.mute++
	if answers {
		f.mute = 0
	}
	for _, p := range shots {
		f.book(p, answers)
	}
}

// answering reports whether the last packet of a length was answered.
func answering(shots []tracer.Probe, size int) (heard bool) {
	for _, p := range shots {
		if p.Size == size {
			heard = p.State.Heard()
		}
	}
	return heard
}

// book enters what became of a packet. That nothing came counts only if a packet
// sent later was answered.
func (f *search) book(p tracer.Probe, answers bool) {
	t := f.sizes[p.Size]
	if t == nil {
		t = &tried{}
		f.sizes[p.Size] = t
	}
	switch {
	case p.State.Heard() && f.refuses(p):
		m := Message{From: p.Answer.From, Size: p.Size, MTU: p.Answer.MTU}
		t.refused = append(t.refused, m)
		if f.first == nil {
			f.first = &m
		}
	case p.State.Heard():
		t.passed++
		if p.Size >= f.passes {
			f.passes, f.got[f.ttl] = p.Size, p
		}
	case p.State == tracer.Lost && answers:
		t.vanished++
	}
}

// refuses reports whether an answer comes from before the drop. One that a packet is
// too big may come from behind: that packet has passed here.
func (f *search) refuses(p tracer.Probe) bool {
	return tooBig(p) && (f.ttl == f.at || f.message != nil && p.Answer.From == f.message.From)
}
