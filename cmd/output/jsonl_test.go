package output

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
)

// Probes and hops have the shape that the schema gives them, but for the type; the
// first line is the trace's, the last one its end, and the hops are all there.
func TestJSONLines(t *testing.T) {
	format, err := ByName("jsonl")
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*jsonschema.Schema{"probe": schemaOf(t, "probe"), "hop": schemaOf(t, "hop")}
	for _, s := range samples() {
		var out bytes.Buffer
		w := format.New(&out)
		if err := w.Start(s.header); err != nil {
			t.Fatal(err)
		}
		hops := 0
		if s.trace != nil {
			hops = len(s.trace.Hops)
			for _, h := range s.trace.Hops {
				for _, p := range h.Probes {
					if err := w.(Prober).Probe(p); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := w.End(s.trace, s.err); err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
		types := map[string]int{}
		for i, line := range lines {
			kind := typeOf(t, line)
			types[kind]++
			if (kind == "trace") != (i == 0) || (kind == "end") != (i == len(lines)-1) {
				t.Errorf("%s: line %d of %d is of type %s", s.name, i+1, len(lines), kind)
			}
			if schema := schemas[kind]; schema != nil {
				validate(t, s.name, schema, line)
			}
		}
		if types["hop"] != hops {
			t.Errorf("%s: %d hops, want %d", s.name, types["hop"], hops)
		}
	}
}

func typeOf(t *testing.T, line []byte) string {
	t.Helper()
	var d struct{ Type string }
	if err := json.Unmarshal(line, &d); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return d.Type
}

func validate(t *testing.T, name string, schema *jsonschema.Schema, line []byte) {
	t.Helper()
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	delete(instance.(map[string]any), "type")
	if err := schema.Validate(instance); err != nil {
		t.Errorf("%s: %v\nin %s", name, err, line)
	}
}

// schemaOf returns what the schema says of a part of the document, made strict.
func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	return schematest.CompileAt(t, strict(readSchema(t)), "/$defs/"+name)
}
