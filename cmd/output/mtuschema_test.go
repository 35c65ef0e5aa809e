package output

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// compileMTU returns the schema of a discovery, which refers to that of a trace.
func compileMTU(t *testing.T, change func(any) any) *jsonschema.Schema {
	t.Helper()
	schema := schematest.Read(t, "mtuschema.json")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, s := range map[string]any{"urn:ebpftrace:mtu:1": schema, "urn:ebpftrace:trace:1": readSchema(t)} {
		if err := c.AddResource(name, change(s)); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := c.Compile("urn:ebpftrace:mtu:1")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// TestMTUSchema validates every sample against mtuschema.json, made strict.
func TestMTUSchema(t *testing.T) {
	schema := compileMTU(t, strict)
	for _, s := range mtuSamples() {
		t.Run(s.name, func(t *testing.T) {
			var out bytes.Buffer
			s.play(t, mtuFormats["json"](&out))
			instance, err := jsonschema.UnmarshalJSON(&out)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(instance); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMTUSchemaNames holds the schema's lists to the names that the code uses.
func TestMTUSchemaNames(t *testing.T) {
	var schema struct {
		Properties struct {
			Schema     struct{ Const string }
			StopReason struct{ Enum []string } `json:"stop_reason"`
		}
		Defs struct {
			Drop struct {
				Properties struct{ Claim struct{ Enum []string } }
			}
		} `json:"$defs"`
	}
	text, err := os.ReadFile("mtuschema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Properties.Schema.Const != MTUSchema {
		t.Errorf("schema %q", schema.Properties.Schema.Const)
	}
	same(t, "reasons", schema.Properties.StopReason.Enum, between(tracer.StopReached, tracer.StopFailed))
	same(t, "claims", schema.Defs.Drop.Properties.Claim.Enum, between(pmtu.NoClaim, pmtu.TooLow))
}

// TestMTUSchemaRefuses makes sure that the schema tells right from wrong.
func TestMTUSchemaRefuses(t *testing.T) {
	schema := compileMTU(t, func(s any) any { return s })
	for name, spoil := range map[string]func(doc, drop, hop map[string]any){
		"version":    func(d, _, _ map[string]any) { d["schema"] = "ebpftrace.trace/1" },
		"no drops":   func(d, _, _ map[string]any) { delete(d, "drops") },
		"too long":   func(d, _, _ map[string]any) { d["path_mtu"] = 65536 },
		"no message": func(_, d, _ map[string]any) { delete(d, "message") },
		"claim":      func(_, d, _ map[string]any) { d["claim"] = "fine" },
		"no mtu":     func(_, d, _ map[string]any) { delete(d, "mtu") },
		"probe":      func(_, _, h map[string]any) { h["probes"].([]any)[0].(map[string]any)["rtt_ns"] = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			r := discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1400, 1400, pmtu.True))
			doc := flat(t, newMTUDocument(mtuHeader4, r, nil))
			if err := schema.Validate(doc); err != nil {
				t.Fatalf("before: %v", err)
			}
			spoil(doc, doc["drops"].([]any)[0].(map[string]any), doc["hops"].([]any)[0].(map[string]any))
			text, _ := json.Marshal(doc)
			instance, _ := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if schema.Validate(instance) == nil {
				t.Errorf("accepted %s", text)
			}
		})
	}
}
