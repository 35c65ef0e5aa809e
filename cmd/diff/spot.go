package diff

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// spot sums up a hop; nil of nil.
func (h *Hop) spot() *Spot {
	if h == nil {
		return nil
	}
	s := &Spot{TTL: h.TTL, Addresses: append([]netip.Addr{}, h.addresses()...)} // never null
	for _, p := range h.Probes {
		switch p.Status {
		case "not_sent", "sent":
		case "lost":
			s.Lost++
			fallthrough
		default:
			s.Sent++
		}
	}
	for _, a := range s.Addresses {
		s.Names = append(s.Names, h.name(a))
	}
	times := h.times(s.Addresses)
	s.Median, s.Samples = median(times), len(times)
	return s
}

func (h *Hop) name(a netip.Addr) string {
	for _, p := range h.Probes {
		if p.From == a && p.Name != "" {
			return output.Safe(p.Name)
		}
	}
	return ""
}

// times returns the round-trip times to some addresses, in nanoseconds.
func (h *Hop) times(of []netip.Addr) (all []int64) {
	for _, p := range h.Probes {
		if p.RTT != nil && slices.Contains(of, p.From) {
			all = append(all, *p.RTT)
		}
	}
	return all
}

// median returns the lower median; nil of nothing.
func median(times []int64) *int64 {
	if len(times) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(times))
	return &sorted[(len(sorted)-1)/2]
}

// apart reports whether two sets of at least two samples don't overlap.
func apart(a, b []int64) bool {
	return len(a) > 1 && len(b) > 1 &&
		(slices.Max(a) < slices.Min(b) || slices.Max(b) < slices.Min(a))
}

func (t *Trace) side(file string, hops int) Side {
	return Side{
		File: output.Safe(file), Target: output.Safe(t.Target), Address: output.Safe(t.Address), Protocol: output.Safe(t.Protocol),
		Port: t.Port, Timing: output.Safe(t.Timing), StartedAt: output.Safe(t.StartedAt), Reached: t.Reached,
		StopReason: output.Safe(t.StopReason), Hops: hops,
	}
}

// remarks say what makes two traces less comparable.
func remarks(a, b *Trace) (all []string) {
	for _, r := range []struct{ what, a, b, so string }{
		{"target", a.Address, b.Address, "these are paths to different hosts"},
		{"source", a.Source, b.Source, "these are paths from different addresses"},
		{"protocol", ported(a), ported(b), "routers may treat them differently"},
		{"timing", a.Timing, b.Timing, "round-trip times are not taken at the same points"},
	} {
		if r.a != r.b {
			all = append(all, fmt.Sprintf("%s: %s in A, %s in B: %s", r.what, output.Safe(r.a), output.Safe(r.b), r.so))
		}
	}
	return all
}

func ported(t *Trace) string {
	if t.Port == 0 {
		return t.Protocol
	}
	return fmt.Sprintf("%s port %d", t.Protocol, t.Port)
}
