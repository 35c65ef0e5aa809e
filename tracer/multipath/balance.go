package multipath

// Balance is how a router chooses among several next hops.
type Balance uint8

// The kinds of balancing.
const (
	// BalanceNone means that one next hop was seen.
	BalanceNone Balance = iota
	// BalanceFlow means that all packets of a flow take the same.
	BalanceFlow
	// BalancePacket means that packets of one flow take different ones.
	BalancePacket
	// BalanceDestination means that packets to one address take the same,
	// whatever their flow, and those to other addresses others.
	BalanceDestination
	// BalanceUnknown means that there are several, but that too few answers
	// came to tell by what they are chosen.
	BalanceUnknown
)

var balanceNames = [...]string{"none", "flow", "packet", "destination", "unknown"}

// String returns the kind's name as JSON output uses it.
func (b Balance) String() string { return balanceNames[b] }
