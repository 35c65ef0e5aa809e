package rounds

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// maxResponders bounds what a hop remembers, whoever pretends to answer there.
const maxResponders = 32

// lately is the number of rounds after which a responder that has not answered while
// others did is taken to be gone. So the two that a router spreads packets over are
// both there, and each answer of the other is no change.
const lately = 10

// Hop is what the rounds found out with probes of one TTL.
type Hop struct {
	TTL int
	// Probes counts all there were, by what became of them: an index is a
	// tracer.State. Those still awaited when a round was interrupted are not
	// counted.
	Probes tracer.Counts
	// Responders are those that answered, in the order in which they first
	// did, but for those that are gone: they come last.
	Responders []*Responder
	// Unlisted is the number of answers of further responders, for which
	// there was no room.
	Unlisted int
	// Recent holds the latest probes, the oldest first.
	Recent []tracer.Probe

	answers int // rounds in which somebody answered
}

// Sent returns how many probes the kernel took.
func (h *Hop) Sent() int { return h.Probes.Sent() }

// Answered returns how many probes were answered, in time or late.
func (h *Hop) Answered() int { return h.Probes.Answered() }

// Loss returns the fraction of the probes sent that nobody answered; 0 of none.
func (h *Hop) Loss() float64 {
	if sent := h.Sent(); sent > 0 {
		return float64(sent-h.Answered()) / float64(sent)
	}
	return 0
}

// Gone reports whether a responder has not answered lately, while others did.
func (h *Hop) Gone(r *Responder) bool { return h.answers-r.round >= lately }

// add enters a probe. It returns the change of the path that its answer shows, if
// it shows one, and whether it does.
func (h *Hop) add(p tracer.Probe, keep int) (c Change, changed bool) {
	if p.State == tracer.Sent {
		return c, false
	}
	h.Probes[p.State]++
	if keep > 0 && len(h.Recent) >= 2*keep {
		h.Recent = append(h.Recent[:0], h.Recent[len(h.Recent)-keep:]...)
	}
	h.Recent = append(h.Recent, p)
	if !p.State.Heard() {
		return c, false
	}
	c, changed = h.hear(&p)
	h.settle()
	return c, changed
}

// hear enters an answer.
func (h *Hop) hear(p *tracer.Probe) (c Change, changed bool) {
	from := p.Answer.From.Unmap()
	before := h.current()
	r := h.responder(from)
	h.answers++
	if r == nil {
		h.Unlisted++
		return c, false
	}
	changed = before.IsValid() && (r.Answered == 0 || h.Gone(r))
	r.add(p, h.answers)
	return Change{At: p.SentAt, TTL: h.TTL, From: before, To: from}, changed
}

// current returns who answered last.
func (h *Hop) current() (addr netip.Addr) {
	latest := 0
	for _, r := range h.Responders {
		if r.round > latest {
			addr, latest = r.Addr, r.round
		}
	}
	return addr
}

// responder returns the one of that address, or nil if there is no room for it.
func (h *Hop) responder(addr netip.Addr) *Responder {
	for _, r := range h.Responders {
		if r.Addr == addr {
			return r
		}
	}
	if len(h.Responders) == maxResponders {
		return nil
	}
	r := &Responder{Addr: addr}
	h.Responders = append(h.Responders, r)
	return r
}

// settle puts those that are gone behind the others.
func (h *Hop) settle() {
	var there, gone []*Responder
	for _, r := range h.Responders {
		if h.Gone(r) {
			gone = append(gone, r)
		} else {
			there = append(there, r)
		}
	}
	h.Responders = append(there, gone...)
}
