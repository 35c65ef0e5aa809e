package diff

import (
	"fmt"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// Ways is what is compared of a search for all paths: the part of its JSON document that
// has to do with the graph. See cmd/output/multipath.schema.json for the fields.
type Ways struct {
	Trace
	Confidence float64 `json:"confidence"`
	Nodes      []Node  `json:"nodes"`
	Links      []Link  `json:"links"`
}

// Node is a node of [Ways].
type Node struct {
	Hop     int        `json:"hop"`
	Address netip.Addr `json:"address"`
	Name    string     `json:"name"`
}

// Link is a link of [Ways], between two nodes by their number.
type Link struct {
	From int  `json:"from"`
	To   int  `json:"to"`
	Sure bool `json:"sure"`
}

// WaysSchema names the JSON document of a [WaysResult] and its version.
const WaysSchema = "ebpftrace.diff.multipath/1"

// WaysResult is what differs between the graphs A and B: interfaces, and links between
// two that answer, at whatever hop. A link that is not sure in one graph is not known to
// differ; nor is what lies behind silence.
type WaysResult struct {
	Schema string `json:"schema"` // [WaysSchema]
	A      Side   `json:"a"`
	B      Side   `json:"b"`
	// ConfidenceA and ConfidenceB are the probabilities that all was found.
	ConfidenceA float64 `json:"confidence_a"`
	ConfidenceB float64 `json:"confidence_b"`
	// SamePaths says that no interface and no link was added or removed, and that both
	// searches or neither reached the target.
	SamePaths  bool         `json:"same_paths"`
	Interfaces []WaysChange `json:"interfaces"`
	Links      []WaysChange `json:"links"`
	// Remarks say what else differs, and so makes the comparison worth less.
	Remarks []string `json:"remarks,omitempty"`
}

// WaysChange is an interface that one graph alone has, or a link from one to another.
type WaysChange struct {
	Change Change      `json:"change"` // Added or Removed
	Hop    int         `json:"hop"`    // of the interface, or of that which a link leads to
	From   *netip.Addr `json:"from,omitempty"`
	To     netip.Addr  `json:"address"`
	Name   string      `json:"name,omitempty"`
}

// CompareWays compares two graphs; the files are their names.
func CompareWays(fileA string, a *Ways, fileB string, b *Ways) *WaysResult {
	r := &WaysResult{
		Schema: WaysSchema, A: a.side(fileA, a.hops()), B: b.side(fileB, b.hops()), ConfidenceA: a.Confidence, ConfidenceB: b.Confidence,
		Interfaces: []WaysChange{}, Links: []WaysChange{},
	}
	headA, headB := a.Trace, b.Trace
	headA.Timing, headB.Timing = "", "" // no times are compared
	r.Remarks = remarks(&headA, &headB)
	atA, atB := a.interfaces(), b.interfaces()
	r.Interfaces = append(r.Interfaces, a.without(atB, Removed)...)
	r.Interfaces = append(r.Interfaces, b.without(atA, Added)...)
	r.Links = append(r.Links, a.linksWithout(b, Removed)...)
	r.Links = append(r.Links, b.linksWithout(a, Added)...)
	r.SamePaths = len(r.Interfaces)+len(r.Links) == 0 && a.Reached == b.Reached
	return r
}

// hops is the largest TTL that answered.
func (w *Ways) hops() (most int) {
	for i, n := range w.Nodes {
		if i > 0 && n.Address.IsValid() {
			most = max(most, n.Hop)
		}
	}
	return most
}

// interfaces are all but the source.
func (w *Ways) interfaces() map[netip.Addr]bool {
	all := map[netip.Addr]bool{}
	for i, n := range w.Nodes {
		all[n.Address] = i > 0 || all[n.Address]
	}
	return all
}

// without lists the interfaces that the other graph has not, each once.
func (w *Ways) without(other map[netip.Addr]bool, change Change) (all []WaysChange) {
	told := map[netip.Addr]bool{}
	for i, n := range w.Nodes {
		if i > 0 && n.Address.IsValid() && !other[n.Address] && !told[n.Address] {
			told[n.Address] = true
			all = append(all, WaysChange{Change: change, Hop: n.Hop, To: n.Address, Name: output.Safe(n.Name)})
		}
	}
	return all
}

// linksWithout lists the links that are sure, and not even perhaps in the other graph.
func (w *Ways) linksWithout(other *Ways, change Change) (all []WaysChange) {
	told := map[[2]netip.Addr]bool{}
	for _, l := range other.Links {
		told[other.ends(l)] = true
	}
	for _, l := range w.Links {
		ends := w.ends(l)
		if !l.Sure || l.From == 0 || !ends[0].IsValid() || !ends[1].IsValid() || told[ends] {
			continue
		}
		told[ends] = true
		all = append(all, WaysChange{Change: change, Hop: w.Nodes[l.To].Hop, From: &ends[0], To: ends[1]})
	}
	return all
}

func (w *Ways) ends(l Link) [2]netip.Addr {
	return [2]netip.Addr{w.Nodes[l.From].Address, w.Nodes[l.To].Address}
}

// check finds links to nodes that are not there, and takes zones out of addresses.
func (w *Ways) check() error {
	for _, l := range w.Links {
		if min(l.From, l.To) < 0 || max(l.From, l.To) >= len(w.Nodes) {
			return fmt.Errorf("is damaged: it has a link from node %d to %d, and %s", l.From, l.To, output.Count(len(w.Nodes), "node"))
		}
	}
	for i := range w.Nodes {
		if n := &w.Nodes[i]; n.Address.IsValid() {
			n.Address = output.Plain(n.Address)
		}
	}
	return nil
}
