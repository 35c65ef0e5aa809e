package cli_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// multipathDocument is the part of the JSON output of --multipath that these tests
// look at.
type multipathDocument struct {
	Schema     string  `json:"schema"`
	Reached    bool    `json:"reached"`
	Stop       string  `json:"stop_reason"`
	Timing     string  `json:"timing"`
	Confidence float64 `json:"confidence"`
	Repeat     struct {
		Command string `json:"command"`
	} `json:"repeat"`
	Nodes []struct {
		Hop     int     `json:"hop"`
		Address string  `json:"address"`
		Balance string  `json:"balance"`
		Share   float64 `json:"share"`
		RTT     struct {
			Count int `json:"count"`
			P50   int `json:"p50_ns"`
		} `json:"rtt"`
	} `json:"nodes"`
	Links []struct {
		From int  `json:"from"`
		To   int  `json:"to"`
		Sure bool `json:"sure"`
	} `json:"links"`
	Flows []struct {
		Flow int   `json:"flow"`
		Path []int `json:"path"`
	} `json:"flows"`
	Counters map[string]int `json:"counters"`
	Tally    map[string]int `json:"tally"`
}

func (o outcome) multipath(t *testing.T) multipathDocument {
	t.Helper()
	var d multipathDocument
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil {
		t.Fatalf("stdout is no JSON document: %v\n%s\n%s", err, o.stdout, o.stderr)
	}
	if d.Schema != "ebpftrace.multipath/1" {
		t.Errorf("schema %q", d.Schema)
	}
	return d
}

// hopLink is a link from an address that answers at a hop to one that answers at the
// next.
type hopLink struct {
	hop      int
	from, to string
}

func (l hopLink) String() string { return fmt.Sprintf("%d: %s-%s", l.hop, l.from, l.to) }

// links are those of the document, but for that from the source.
func (d multipathDocument) links() map[hopLink]bool {
	all := map[hopLink]bool{}
	for _, l := range d.Links {
		if from := d.Nodes[l.From]; l.From > 0 {
			all[hopLink{from.Hop, from.Address, d.Nodes[l.To].Address}] = true
		}
	}
	return all
}

// path returns the addresses that a flow was seen at, by hop.
func (d multipathDocument) path(flow int) map[int]string {
	all := map[int]string{}
	for _, n := range d.Flows[flow].Path {
		if d.Nodes[n].Hop > 0 {
			all[d.Nodes[n].Hop] = d.Nodes[n].Address
		}
	}
	return all
}

// linksOf returns the links of the ways through a lab.
func linksOf(b *lab.Branched, branches int, ipv6 bool) map[hopLink]bool {
	all := map[hopLink]bool{}
	for i := range branches {
		along(all, b.Way(i, ipv6))
	}
	return all
}

func along(all map[hopLink]bool, way []netip.Addr) {
	for i := 1; i < len(way); i++ {
		all[hopLink{i, way[i-1].String(), way[i].String()}] = true
	}
}

// differ lists what is in one of two sets only.
func differ(got, want map[hopLink]bool) string {
	var lines []string
	for l := range want {
		if !got[l] {
			lines = append(lines, "lacks "+l.String())
		}
	}
	for l := range got {
		if !want[l] {
			lines = append(lines, "has "+l.String())
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

func branched(t *testing.T, o lab.DiamondOptions) *lab.Branched {
	t.Helper()
	needsRoot(t)
	b, err := lab.Diamond(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}
