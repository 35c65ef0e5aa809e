package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// TestSchema validates every sample against schema.json, made strict: a field
// that the schema doesn't name is an error here.
func TestSchema(t *testing.T) {
	schema := compile(t, strict(readSchema(t)))
	format, err := ByName("json")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			out := render(t, format, s)
			instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(instance); err != nil {
				t.Errorf("%v\nin %s", err, out)
			}
		})
	}
}

var (
	compile = schematest.Compile
	strict  = schematest.Strict
)

func readSchema(t *testing.T) any { return schematest.Read(t, "schema.json") }

// TestSchemaNames holds the schema's lists to the names that the tracer uses.
func TestSchemaNames(t *testing.T) {
	var schema struct {
		Properties struct {
			Schema     struct{ Const string }
			StopReason struct{ Enum []string } `json:"stop_reason"`
		}
		Defs struct {
			Probe struct {
				Properties struct {
					Status, Kind struct{ Enum []string }
					Stamps       struct{ Properties map[string]any }
				}
			}
			Counters struct{ Required []string }
		} `json:"$defs"`
	}
	text, err := json.Marshal(readSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Properties.Schema.Const != Schema {
		t.Errorf("schema %q", schema.Properties.Schema.Const)
	}
	same(t, "states", schema.Defs.Probe.Properties.Status.Enum, between(tracer.NotSent, tracer.Unreachable))
	same(t, "reasons", schema.Properties.StopReason.Enum, between(tracer.StopReached, tracer.StopFailed))
	same(t, "stamps", keys(schema.Defs.Probe.Properties.Stamps.Properties), between(stamp.UserSend, stamp.UserReceive))
	var all []string
	for _, k := range kinds {
		all = append(all, k)
	}
	same(t, "kinds", schema.Defs.Probe.Properties.Kind.Enum, all)
	same(t, "counters", schema.Defs.Counters.Required, keys(flat(t, counters{})))
}

type named interface {
	~uint8
	fmt.Stringer
}

func between[T named](first, last T) (all []string) {
	for n := first; n <= last; n++ {
		all = append(all, n.String())
	}
	return all
}

func keys(m map[string]any) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}

func flat(t *testing.T, v any) (m map[string]any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: the schema has %q, the code %q", what, got, want)
	}
}

// TestSchemaRefuses makes sure that the schema tells right from wrong.
func TestSchemaRefuses(t *testing.T) {
	schema := compile(t, readSchema(t))
	for name, spoil := range map[string]func(doc, probe map[string]any){
		"version":          func(d, _ map[string]any) { d["schema"] = "ebpftrace.trace/2" },
		"zone":             func(d, _ map[string]any) { d["source"] = "fe80::1%eth0" },
		"fraction":         func(_, p map[string]any) { p["rtt_ns"] = 1.5 },
		"negative":         func(_, p map[string]any) { p["rtt_ns"] = -1 },
		"no source":        func(_, p map[string]any) { delete(p, "source") },
		"status":           func(_, p map[string]any) { p["status"] = "fine" },
		"lost with answer": func(_, p map[string]any) { p["status"] = "lost" },
		"nobody":           func(_, p map[string]any) { delete(p, "from") },
		"local time":       func(d, _ map[string]any) { d["started_at"] = "2026-03-01T12:00:00.000000000+01:00" },
		"null hops":        func(d, _ map[string]any) { d["hops"] = nil },
	} {
		t.Run(name, func(t *testing.T) {
			doc := flat(t, newDocument(header4, trace(tracer.StopReached, ms, path("192.0.2.1")...), nil))
			if err := schema.Validate(doc); err != nil {
				t.Fatalf("before: %v", err)
			}
			spoil(doc, doc["hops"].([]any)[0].(map[string]any)["probes"].([]any)[0].(map[string]any))
			text, _ := json.Marshal(doc)
			instance, _ := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if schema.Validate(instance) == nil {
				t.Errorf("accepted %s", text)
			}
		})
	}
}
