package sim

import (
	"fmt"
	"slices"
)

// TruthBoxes is what boxes on the way do to probes that are sent with TOS and
// DontFragment, as far as answers that are joined to their probes show it.
type TruthBoxes struct {
	// TOS is the TOS byte or traffic class, DontFragment the DF bit to probe
	// with.
	TOS          uint8 `toml:"tos"`
	DontFragment bool  `toml:"dont_fragment"`
	// Changes holds those of header fields, in order of the hop that shows
	// them, NATs the translators.
	Changes []TruthChange `toml:"changes"`
	NATs    []TruthNAT    `toml:"nats"`
	// Repeats holds the runs of hops that answer from one address.
	Repeats []TruthRepeat `toml:"repeats"`
}

// Only says which probes something is true of.
type Only struct {
	// Family is 4 or 6, or 0 for both.
	Family int `toml:"family"`
	// Protocols names the probe protocols; none means all.
	Protocols []string `toml:"protocols"`
}

// Holds reports whether it is true of probes of the protocol and family.
func (o Only) Holds(protocol string, ipv6 bool) bool {
	family := 4
	if ipv6 {
		family = 6
	}
	return (o.Family == 0 || o.Family == family) && (len(o.Protocols) == 0 || slices.Contains(o.Protocols, protocol))
}

// TruthChange is a field that has another value behind some node.
type TruthChange struct {
	// Field is the name that output gives it. From and To are its values;
	// none where they differ from probe to probe.
	Field string `toml:"field"`
	From  string `toml:"from"`
	To    string `toml:"to"`
	// After and Before name the nodes between which it changes: the last that
	// quotes From and the first that quotes To. No After means this host.
	After    string `toml:"after"`
	Before   string `toml:"before"`
	Restored bool   `toml:"restored"`
	Only
}

// TruthNAT is a translator between two nodes; no After means this host.
type TruthNAT struct {
	After  string `toml:"after"`
	Before string `toml:"before"`
	Only
}

// TruthRepeat is a run of hops that answer from one address.
type TruthRepeat struct {
	First   int    `toml:"first"`
	Last    int    `toml:"last"`
	Verdict string `toml:"verdict"`
}

// boxNames enters the nodes that are named.
func (t *TruthBoxes) boxNames(names map[string][]string) {
	enter := func(where string, all ...string) {
		names[where] = slices.DeleteFunc(all, func(name string) bool { return name == "" })
	}
	for i, c := range t.Changes {
		enter(fmt.Sprintf("truth of change %d", i+1), c.After, c.Before)
	}
	for i, n := range t.NATs {
		enter(fmt.Sprintf("truth of nat %d", i+1), n.After, n.Before)
	}
}
