package bench

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// measured runs a benchmark through a simulated network.
func measured(t *testing.T, scenario string, rounds int) *Result {
	t.Helper()
	link, cfg := simulated(t, scenario)
	r, err := Run(t.Context(), Config{Trace: cfg, Count: rounds, Interval: 500 * time.Millisecond}, link, link)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = output.Header{Target: "target", Address: cfg.Flow.Target, Source: cfg.Flow.Source, Protocol: "udp", Port: 33434, Size: 60}
	return r
}

func (r *Result) told(t *testing.T) (text string, doc document) {
	t.Helper()
	var w, j bytes.Buffer
	if err := r.WriteText(&w); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJSON(&j, nil); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(j.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(&j)
	if err != nil {
		t.Fatal(err)
	}
	if err := jsonschema.NewCompiler().MustCompile("schema.json").Validate(instance); err != nil {
		t.Error(err)
	}
	return w.String(), doc
}

// When the path changes, what follows is kept apart, its losses too: the target is
// farther away by the second path, on which a third is lost.
func TestChangedPath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, doc := measured(t, "change_later", 150).told(t)
		if len(doc.Paths) != 2 || doc.Paths[1].ChangedAt != 3 || doc.Paths[0].Loss != nil || doc.Loss != nil {
			t.Fatalf("%+v", doc.Paths)
		}
		if first := doc.Paths[1].First; first < 19*time.Second || first > 21*time.Second {
			t.Errorf("changed after %v, want 20 s", first)
		}
		if l := doc.Paths[1].Loss; len(l) != 1 || l[0].Verdict != "loss" || l[0].First > 4 || l[0].Last < 4 {
			t.Errorf("%+v, want loss from hop 4 on", l)
		}
		last := doc.Hops[5].Responders
		if len(last) != 2 || last[0].From != last[1].From || last[0].Path == last[1].Path {
			t.Fatalf("%+v, want the target by both paths", last)
		}
		for _, r := range last {
			p50 := r.Sources[0].RTT.P50
			if near := p50 < 14*time.Millisecond; near != (r.Path == 1) || p50 > 14*time.Millisecond && p50 < 49*time.Millisecond {
				t.Errorf("path %d takes %v", r.Path, p50)
			}
		}
		for _, want := range []string{" by path 1  ", "path 1: ", "path 2: ", "other than before from hop 3 on", "  loss starts at hop "} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	})
}

// Packets that are balanced one by one take no path that a round could be of.
func TestBalancedPath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, doc := measured(t, "change_turns", 60).told(t)
		if doc.Paths != nil || len(doc.Hops[2].Responders) != 2 || len(doc.Hops[5].Responders) != 1 || strings.Contains(text, "by path") {
			t.Errorf("%+v\n%s", doc.Paths, text)
		}
	})
}

// What is lost at a steady pace is judged too.
func TestLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, doc := measured(t, "loss_forward", 100).told(t)
		if len(doc.Loss) != 1 || doc.Loss[0].Verdict != "loss" || doc.Loss[0].First > 4 || doc.Loss[0].Last < 4 {
			t.Errorf("%+v, want loss from hop 4 on", doc.Loss)
		}
		if !strings.Contains(text, "\nloss starts at hop 4") {
			t.Error(text)
		}
	})
}
