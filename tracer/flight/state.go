package flight

// State tells what became of a probe.
type State uint8

// A probe is in one of these states. Sent is the only one that a finished run may
// hold by interruption alone.
const (
	// NotSent means that the kernel refused the probe; Probe.Err says why.
	NotSent State = iota
	// Sent means that the answer is still awaited.
	Sent
	// Answered means that one answer came within its time.
	Answered
	// Late means that the answer came after the probe had been given up.
	Late
	// Lost means that no answer came.
	Lost
	// Duplicate means that more than one answer came; the first one counts.
	Duplicate
	// Unreachable means that the answer says the target cannot be reached
	// this way, and the probe's way ends there.
	Unreachable
)

var stateNames = [...]string{"not_sent", "sent", "answered", "late", "lost", "duplicate", "unreachable"}

// String returns the state's name as JSON output uses it.
func (s State) String() string { return stateNames[s] }

// Heard reports whether an answer came, in time or not.
func (s State) Heard() bool {
	return s == Answered || s == Late || s == Duplicate || s == Unreachable
}
