package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// drop says where the path MTU drops, who says so, whether that is true, and what it
// rests on.
func drop(d pmtu.Drop) string {
	var s string
	switch {
	case d.Message != nil:
		s = dropPlace(d) + " " + claimed(d)
	case d.Exact():
		s = fmt.Sprintf("black hole %s: packets above %s vanish without a message", dropBetween(d), Count(d.MTU, "byte"))
	default:
		s = fmt.Sprintf("black hole %s: packets of %s vanish without a message", dropBetween(d), Count(d.Fails, "byte"))
	}
	if d.Message == nil && d.First != nil {
		s += "; about longer ones, a router " + claimed(d)
	}
	return fmt.Sprintf("%s (%s)", s, proof(d))
}

// claimed says who sent the first message, what it says, and what is wrong with that.
func claimed(d pmtu.Drop) string {
	s := fmt.Sprintf("(%s) says %s", Plain(d.First.From), said(d.First))
	if doubt := worthless(d); doubt != "" {
		s += ", " + doubt
	}
	return s
}

// dropPlace names the hop that a drop is at, or what it is between.
func dropPlace(d pmtu.Drop) string {
	switch {
	case d.Message == nil:
		return dropBetween(d)
	case d.After == 0:
		return "this host"
	}
	return fmt.Sprintf("hop %d", d.After)
}

func dropBetween(d pmtu.Drop) string {
	if d.After == 0 {
		return fmt.Sprintf("before hop %d", d.Behind)
	}
	return fmt.Sprintf("between hops %d and %d", d.After, d.Behind)
}

// said is what a message says in the words of its family (RFC 792, RFC 4443).
func said(m *pmtu.Message) string {
	what := "fragmentation needed"
	if m.From.Is6() {
		what = "packet too big"
	}
	if m.MTU == 0 {
		return what + ", but no MTU"
	}
	return fmt.Sprintf("%s, MTU %d", what, m.MTU)
}

// worthless says what is wrong with the MTU that a message claims; empty: nothing,
// as far as is known.
func worthless(d pmtu.Drop) string {
	is := fmt.Sprintf("but %d is the most that passes", d.MTU)
	switch {
	case d.MTU == 0:
		is = "but nobody is heard to whom anything passes"
	case !d.Exact():
		is = fmt.Sprintf("but at least %d pass and %d don't", d.MTU, d.Fails)
	}
	switch d.Worth {
	case pmtu.Unstated:
		return "as before RFC 1191; " + is
	case pmtu.BelowMinimum:
		least := pmtu.MinMTU4
		if d.First.From.Is6() {
			least = pmtu.MinMTU6
		}
		return fmt.Sprintf("below the least there may be, %d; %s", least, is)
	case pmtu.Absurd:
		return fmt.Sprintf("of a packet of %s; %s", Count(d.First.Size, "byte"), is)
	case pmtu.TooHigh, pmtu.TooLow:
		return is
	}
	return ""
}

// proof says what a drop rests on.
func proof(d pmtu.Drop) string {
	e := d.Evidence
	passed := fmt.Sprintf("%d bytes: %d answered", d.MTU, e.Passed)
	if d.Behind == 0 {
		passed = "nobody behind answers"
	}
	switch {
	case d.Fails == 0:
		return passed + ", so that is not proved"
	case e.Refused > 0:
		return fmt.Sprintf("%s; %d bytes: %d refused", passed, d.Fails, e.Refused)
	}
	return fmt.Sprintf("%s; %d bytes: %d lost", passed, d.Fails, e.Vanished)
}
