package tracer

// StopReason tells why a trace ended.
type StopReason uint8

// The reasons, in the order in which they are looked at.
const (
	// StopReached means that the target answered.
	StopReached StopReason = iota
	// StopUnreachable means that a hop said the target cannot be reached.
	StopUnreachable
	// StopGap means that too many hops in a row were silent.
	StopGap
	// StopMaxTTL means that the largest TTL was probed without reaching it.
	StopMaxTTL
	// StopInterrupted means that the context was cancelled.
	StopInterrupted
	// StopFailed means that sending or receiving failed; Run returns the error.
	StopFailed
)

var stopNames = [...]string{"reached", "unreachable", "gap_limit", "max_ttl", "interrupted", "failed"}

// String returns the reason's name as JSON output uses it.
func (r StopReason) String() string { return stopNames[r] }
