package diff_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/diff"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
)

// graph writes the JSON of a search: its nodes by hop and address (* for none), the
// source first, and links by their numbers, with a ? for those not sure.
func graph(nodes, links string) string {
	d := map[string]any{
		"schema": output.MultipathSchema, "target": "t.example", "address": "10.9.9.9", "source": "10.0.0.9", "protocol": "udp", "port": 33434,
		"timing": "kernel", "started_at": "2026-03-01T12:00:00.5Z", "reached": true, "stop_reason": "reached", "confidence": 0.95,
	}
	all := []any{map[string]any{"hop": 0}}
	for _, n := range strings.Fields(nodes) {
		node := map[string]any{}
		var hop, host int
		if _, err := fmt.Sscanf(n, "%d:%d", &hop, &host); err == nil {
			node["address"] = fmt.Sprintf("10.0.0.%d", host)
		}
		node["hop"] = hop
		all = append(all, node)
	}
	var edges []any
	for _, l := range strings.Fields(links) {
		var from, to int
		fmt.Sscanf(l, "%d-%d", &from, &to)
		edges = append(edges, map[string]any{"from": from, "to": to, "sure": !strings.HasSuffix(l, "?")})
	}
	d["nodes"], d["links"] = all, edges
	text, _ := json.Marshal(d)
	return string(text)
}

func loadWays(t *testing.T, text string) *diff.Ways {
	t.Helper()
	trace, ways, err := diff.LoadAny(strings.NewReader(text))
	if err != nil || trace != nil {
		t.Fatalf("%v, %v", trace, err)
	}
	return ways
}

// diamond is of nodes 1 to 4, with addresses .1 to .4 at hops 1, 2 and 3.
const diamondNodes, diamondLinks = "1:1 2:2 2:3 3:4", "0-1 1-2 1-3 2-4 3-4"

func TestCompareWays(t *testing.T) {
	for _, tt := range []struct {
		name, nodes, links string
		want               []string // lines that are marked
	}{
		{"the same", diamondNodes, diamondLinks, nil},
		{"in another order", "1:1 2:3 2:2 3:4", "0-1 1-2 1-3 2-4 3-4", nil},
		{"a way less", "1:1 2:2 3:4", "0-1 1-2 2-3", []string{"-   2  10.0.0.3", "-   2  10.0.0.1 → 10.0.0.3", "-   3  10.0.0.3 → 10.0.0.4"}},
		{"a hop more, which moves all behind it", "1:7 2:1 3:2 3:3 4:4", "0-1 1-2 2-3 2-4 3-5 4-5", []string{"+   1  10.0.0.7", "+   2  10.0.0.7 → 10.0.0.1"}},
		{"a link more", "1:1 2:2 2:3 3:4 3:2", "0-1 1-2 1-3 2-4 3-4 3-5", []string{"+   3  10.0.0.3 → 10.0.0.2"}},
		{"a link more that is not sure", diamondNodes, diamondLinks + " 2-3?", nil},
		{"a link not sure any more", diamondNodes, "0-1 1-2 1-3 2-4 3-4?", nil},
		{"silence", "1:1 2:2 2:* 3:4", "0-1 1-2 1-3 2-4 3-4", []string{"-   2  10.0.0.3", "-   2  10.0.0.1 → 10.0.0.3", "-   3  10.0.0.3 → 10.0.0.4"}},
	} {
		r := diff.CompareWays("a", loadWays(t, graph(diamondNodes, diamondLinks)), "b", loadWays(t, graph(tt.nodes, tt.links)))
		var out, doc bytes.Buffer
		if err := errors.Join(r.WriteText(&out), r.WriteJSON(&doc)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range strings.Split(out.String(), "\n") {
			if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-") {
				got = append(got, line)
			}
		}
		if strings.Join(got, "\n") != strings.Join(tt.want, "\n") || r.SamePaths != (len(tt.want) == 0) || r.SamePaths != strings.Contains(out.String(), "paths: the same") {
			t.Errorf("%s: same %v\n%s", tt.name, r.SamePaths, out.String())
		}
		validWays(t, doc.Bytes())
	}
}

// validWays holds a document against the schema, made strict.
func validWays(t *testing.T, doc []byte) {
	t.Helper()
	text, err := os.ReadFile("ways.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	strict := strings.ReplaceAll(string(text), `"type": "object",`, `"type": "object", "additionalProperties": false,`)
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(strict))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("ways.json", schema); err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile("ways.json").Validate(instance); err != nil {
		t.Errorf("%v\nin %s", err, doc)
	}
}

// What else differs is said, and how sure each is.
func TestCompareWaysRemarks(t *testing.T) {
	a, b := loadWays(t, graph(diamondNodes, diamondLinks)), loadWays(t, graph("1:1", "0-1"))
	b.Address, b.Reached, b.StopReason, b.Confidence, b.Timing = "10.9.9.8\x1b", false, "gap_limit", 0.5, "tcx"
	b.Nodes[1].Name = "n\x1b"
	r := diff.CompareWays("a", a, "b", b)
	var out bytes.Buffer
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"paths to different hosts", "not reached: gap limit", "target: reached in A alone", "A is 95 % sure", "B 50 %", "3 interfaces removed, 4 links removed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "timing") || strings.Contains(out.String(), "\x1b") || r.SamePaths {
		t.Errorf("same %v\n%s", r.SamePaths, out.String())
	}
}

func TestLoadWays(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{graph("1:1", "0-2"), "link from node 0 to 2, and 2 nodes"},
		{graph("1:1", "0--1"), "link from node 0 to -1"},
		{strings.Replace(graph("1:1", "0-1"), "10.0.0.1", "10.0.0.x", 1), "is damaged"},
	} {
		if _, _, err := diff.LoadAny(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
	if _, err := diff.Load(strings.NewReader(graph(diamondNodes, diamondLinks))); !errors.Is(err, record.ErrSearch) {
		t.Errorf("%v, want %v", err, record.ErrSearch)
	}
}
