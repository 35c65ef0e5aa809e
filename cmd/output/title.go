package output

// TargetText is the target as the user named it, with its address, safe to show.
func TargetText(h Header) string { return target(h) }

// ProtocolText is the protocol, with the port that probes go to.
func ProtocolText(h Header) string { return protocol(h) }

// TimedByText says what takes the times.
func TimedByText(h Header) string { return timedBy(h) }

// FromText is where probes leave from.
func FromText(h Header) string { return from(h) }
