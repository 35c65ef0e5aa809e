package middlebox

import (
	"cmp"
	"net/netip"
	"slices"
)

// AnswerSource stands, in [NAT.Shown], for answers of different boxes that come
// from one address: it is the translator that gives it to them.
const AnswerSource Field = "answer_source"

// NAT is an address translator, and where it is.
type NAT struct {
	// After is the last hop that its work does not show at, Before the first
	// that it shows at.
	After, Before Hop
	// Shown names what tells of it. The checksum alone tells that what it
	// covers has been rewritten and all that is quoted of that translated
	// back: an address or a port, unless it be payload that is not quoted.
	Shown []Field
	// Source is the translated source address; not valid if it is not shown.
	Source netip.Addr
	// Difference is what the checksum is off by, as in "0x1a2b". It is the
	// same at all hops behind a translator; empty if the checksum is right or
	// not to be seen.
	Difference string
}

// Inferred reports that no rewritten address or port was seen itself.
func (n NAT) Inferred() bool {
	for _, f := range n.Shown {
		if f != Checksum && f != AnswerSource {
			return false
		}
	}
	return true
}

// nats puts together what shows at the same hop first.
func nats(changes []Change, repeats []Repeat) (all []NAT) {
	at := func(c Change) *NAT {
		for i := range all {
			if all[i].Before.TTL == c.Before.TTL {
				return &all[i]
			}
		}
		all = append(all, NAT{After: c.After, Before: c.Before})
		return &all[len(all)-1]
	}
	for _, c := range changes {
		if c.Translates() && !c.Restored && c.key != removed {
			at(c).add(c)
		}
	}
	for _, r := range repeats {
		if r.Verdict == DifferentBoxes {
			at(Change{After: r.Ahead, Before: r.First}).add(Change{Field: AnswerSource, After: r.Ahead})
		}
	}
	slices.SortStableFunc(all, func(a, b NAT) int { return cmp.Compare(a.Before.TTL, b.Before.TTL) })
	return all
}

func (n *NAT) add(c Change) {
	n.Shown = append(n.Shown, c.Field)
	if c.After.TTL > n.After.TTL {
		n.After = c.After
	}
	switch c.Field {
	case SourceAddress:
		n.Source, _ = netip.ParseAddr(c.To)
	case Checksum:
		n.Difference = c.key
	}
}
