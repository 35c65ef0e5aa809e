package pmtu

// Worth is what the MTU that a message claims is worth.
type Worth uint8

// What it may be worth.
const (
	// NoClaim: there is no message, or not enough is known.
	NoClaim Worth = iota
	// True: exactly what it claims passes.
	True
	// Unstated: it claims nothing (0), as by routers older than RFC 1191.
	Unstated
	// BelowMinimum: it claims less than any link may have (RFC 1191, 3: 68;
	// RFC 8200, 5: 1280). Such a message is how attackers make connections slow.
	BelowMinimum
	// Absurd: it claims no less than what it refused.
	Absurd
	// TooHigh: packets of the length claimed don't pass.
	TooHigh
	// TooLow: longer ones than claimed pass.
	TooLow
)

var worths = [...]string{"none", "true", "unstated", "below_minimum", "absurd", "too_high", "too_low"}

// String returns the name that JSON output and scenarios use.
func (w Worth) String() string { return worths[w] }

// judge holds the first message against what was found.
func (r *run) judge(d *Drop) Worth {
	switch m := d.First; {
	case m == nil:
		return NoClaim
	case m.MTU == 0:
		return Unstated
	case m.MTU < r.cfg.minimum():
		return BelowMinimum
	case m.MTU >= m.Size:
		return Absurd
	case d.Fails > 0 && m.MTU >= d.Fails:
		return TooHigh
	case m.MTU < d.MTU:
		return TooLow
	case d.Exact():
		return True
	}
	return NoClaim
}
