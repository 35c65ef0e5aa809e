package bench_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

func text(t *testing.T, r *bench.Result) string {
	t.Helper()
	var w bytes.Buffer
	if err := r.WriteText(&w); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// line returns the fields of the first line after a heading that begins with a word.
func line(t *testing.T, text, heading, word string) []string {
	t.Helper()
	_, after, ok := strings.Cut(text, heading)
	for l := range strings.Lines(after) {
		if f := strings.Fields(l); ok && len(f) > 0 && f[0] == word {
			return f
		}
	}
	t.Fatalf("no line %q after %q in\n%s", word, heading, text)
	return nil
}

// The numbers follow from benchtest.Stamps: 60 µs and half a one lie between the
// best source and the user's clock. Each round takes 1 µs more, to which jitter
// comes close: it is 1 - (15/16)^99 of it.
func TestText(t *testing.T) {
	got := text(t, benchtest.Result())
	for _, want := range []string{
		"bench of www.example.net (2001:db8::7), udp port 33434, 60 byte packets",
		"from fe80::1 on eth0; a round every 1s; load: none",
		" 1  gw.example (192.0.2.1)  100 sent, 100 answered",
		" 2  192.0.2.21  100 sent, 100 answered, 66 by this address",
		" 2  \uFFFD[2Jgw</title>", "answered 34 of them",
		" 3  *  100 sent, 0 answered, 100 lost",
		"100 of 100 rounds in 99.00 s",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.ContainsRune(got, '\x1b') {
		t.Error("an escape sequence came through")
	}
	want := "user 100 1.11 ms 1.15 ms 1.16 ms 1.16 ms 998 ns 60.5 µs 60.5 µs 60.5 µs"
	if f := strings.Join(line(t, got, " 1  gw.example", "user"), " "); f != want {
		t.Errorf("user: %q, want %q", f, want)
	}
	if f := line(t, got, "all hops", "user"); f[10] != "-" {
		t.Errorf("jitter over all hops is %s, want none", f[10])
	}
	if f := strings.Join(line(t, got, "where the time goes", "1"), " "); f != "1 192.0.2.1 p50 7.0 µs 3.0 µs 1.05 ms 1.0 µs 49.0 µs" {
		t.Errorf("division: %q", f)
	}
}

// What went wrong is told, and nothing measured is no reason to fail.
func TestTextRemarks(t *testing.T) {
	r := benchtest.Result()
	r.Interrupted, r.Rounds, r.Learned = true, 40, tracer.StopInterrupted
	r.Header.Notes = []string{"no driver stamp: needs\x1b CAP_PERFMON"}
	r.Counters.Overflow, r.Tally.Stray = 1, 2
	backwards := benchtest.Stamps(-20_000)
	r.Path.Add(tracer.Hop{TTL: 1, Probes: []tracer.Probe{{State: tracer.Answered, Stamps: backwards}}})
	got := text(t, r)
	for _, want := range []string{
		"40 of 100 rounds in 99.00 s, interrupted", "no driver stamp: needs\uFFFD CAP_PERFMON",
		"1 answer lost because a buffer was full", "2 answers to no probe still kept",
		"1 sample of kernel left out",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := text(t, &bench.Result{Learned: tracer.StopGap}); !strings.Contains(got, "the target did not answer (gap limit)") {
		t.Errorf("nothing measured: %s", got)
	}
}

func document(t *testing.T, r *bench.Result, err error) any {
	t.Helper()
	var w bytes.Buffer
	if err := r.WriteJSON(&w, err); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&w)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// schema is schema.json, made strict: a field that it does not name is an error.
func schema(t *testing.T) any { return schematest.Strict(schematest.Read(t, "schema.json")) }

func TestSchema(t *testing.T) {
	compiled := schematest.Compile(t, schema(t))
	ended := benchtest.Result()
	ended.Header.Notes = []string{"no driver stamp"}
	empty := &bench.Result{Header: benchtest.Result().Header}
	for name, doc := range map[string]any{
		"usual": document(t, benchtest.Result(), nil), "failed": document(t, ended, errors.New("gone")),
		"nothing measured": document(t, empty, nil),
	} {
		if err := compiled.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, spoil := range map[string]func(map[string]any){
		"version":   func(d map[string]any) { d["schema"] = "ebpftrace.bench/2" },
		"null hops": func(d map[string]any) { d["hops"] = nil },
		"no total":  func(d map[string]any) { delete(d, "total") },
		"fraction":  func(d map[string]any) { d["elapsed_ns"] = 1.5 },
		"zone":      func(d map[string]any) { d["source"] = "fe80::1%eth0" },
	} {
		doc := document(t, benchtest.Result(), nil).(map[string]any)
		spoil(doc)
		if compiled.Validate(doc) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The schema's lists are the names that the tracer uses.
func TestSchemaNames(t *testing.T) {
	var s struct {
		Defs struct {
			Sources struct {
				Items struct {
					Properties struct{ Source struct{ Enum []string } }
				}
			}
			Hop struct {
				Properties struct{ Probes struct{ Required []string } }
			}
			Counters struct{ Required []string }
		} `json:"$defs"`
	}
	text, _ := json.Marshal(schema(t))
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var timings, states []string
	for _, timing := range stamp.Timings {
		timings = append(timings, timing.Name)
	}
	for state := tracer.NotSent; state <= tracer.Unreachable; state++ {
		states = append(states, state.String())
	}
	same(t, "timings", s.Defs.Sources.Items.Properties.Source.Enum, timings)
	same(t, "states", s.Defs.Hop.Properties.Probes.Required, states)
	doc := document(t, benchtest.Result(), nil).(map[string]any)
	same(t, "counters", s.Defs.Counters.Required, slices.Collect(maps.Keys(doc["counters"].(map[string]any))))
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
