package middlebox

import (
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Hop is a place on the path. TTL 0 is this host.
type Hop struct {
	TTL int
	// Addr is who answered there first; not valid for this host.
	Addr netip.Addr
}

// Change is a new value of a field.
type Change struct {
	Field Field
	// From and To are the value before and behind. Of a field in which probes
	// differ by themselves (checksum, IPv4 identification, sequence number)
	// they are those of one probe, as sent and as quoted.
	From, To string
	// Off is what a checksum is off by, given what else is seen to change.
	Off string
	// After is the last hop that saw the old value, Before the first that saw
	// the new one.
	After, Before Hop
	// Restored says that the new value is that which was sent.
	Restored bool
	// Probes is the number of probes that show the new value at Before, Of the
	// number of those that tell: less than all show it where packets take
	// different ways, or a box treats some of them differently.
	Probes, Of int
	key        string
}

// view is what the quotes of a hop show.
type view struct {
	Hop
	all []sights
}

// views returns those of the hops that quoted something, in order of TTL.
func views(t *tracer.Trace) (all []view) {
	for _, h := range t.Hops {
		v := view{Hop: Hop{TTL: h.TTL}}
		for _, p := range h.Probes {
			if s := quoted(t, p); s != nil {
				v.all = append(v.all, s)
			}
			if p.State.Heard() && !v.Addr.IsValid() {
				v.Addr = p.Answer.From
			}
		}
		if len(v.all) > 0 {
			all = append(all, v)
		}
	}
	return all
}

// quoted compares a probe with what was quoted of it; nil if nothing was.
func quoted(t *tracer.Trace, p tracer.Probe) sights {
	if !p.State.Heard() || p.Answer.Quote == nil {
		return nil
	}
	packet, err := t.Packet(p)
	if err != nil {
		return nil
	}
	sent, err := wire.ParseQuote(packet, t.Target.Is6())
	if err != nil {
		return nil
	}
	return compare(sent, p.Answer.Quote)
}

// state is what most of the probes at a hop show of a field, the first of them if
// as many show something else; ok is false if none tells.
func (v view) state(f Field) (most sight, n, of int, ok bool) {
	counts := map[string]int{}
	for _, s := range v.all {
		if sight, told := s[f]; told {
			counts[sight.key]++
			of++
		}
	}
	for _, s := range v.all {
		if sight, told := s[f]; told && counts[sight.key] > n {
			most, n = sight, counts[sight.key]
		}
	}
	return most, n, of, of > 0
}

// changes follows a field along the path.
func changes(path []view, f Field) (all []Change) {
	var at sight
	var last Hop
	for _, v := range path {
		now, n, of, ok := v.state(f)
		if !ok {
			continue
		}
		if now.key != at.key {
			c := Change{Field: f, From: now.sent, To: now.seen, After: last, Before: v.Hop,
				Restored: now.key == "", Probes: n, Of: of, key: now.key}
			if f == Checksum && now.key != removed {
				c.Off = now.key
			}
			if at.key != "" && !varies(f) {
				c.From = at.seen
			}
			all = append(all, c)
		}
		at, last = now, v.Hop
	}
	return all
}

// varies reports a field in which probes differ by themselves.
func varies(f Field) bool { return f == Checksum || f == ID || f == Sequence || f == Payload }
