package doctor

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// schema is schema.json, made strict: a field that it does not name is an error.
func schema(t *testing.T) any { return schematest.Strict(schematest.Read(t, "schema.json")) }

func documentOf(t *testing.T, r *Report) map[string]any {
	t.Helper()
	var w bytes.Buffer
	if err := r.WriteJSON(&w); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&w)
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

func TestSchema(t *testing.T) {
	compiled := schematest.Compile(t, schema(t))
	for _, tt := range outcomes {
		f := healthy()
		tt.change(f)
		if err := compiled.Validate(documentOf(t, judge(f))); err != nil {
			t.Errorf("%s, %s: %v", tt.check, tt.name, err)
		}
	}
	if err := compiled.Validate(documentOf(t, judge(&Facts{}))); err != nil {
		t.Errorf("nothing known: %v", err)
	}
}

func TestSchemaRefuses(t *testing.T) {
	compiled := schematest.Compile(t, schema(t))
	for name, spoil := range map[string]func(doc, check map[string]any){
		"version":       func(d, _ map[string]any) { d["schema"] = "ebpftrace.doctor/2" },
		"status":        func(d, _ map[string]any) { d["status"] = "fine" },
		"no checks":     func(d, _ map[string]any) { d["checks"] = []any{} },
		"check's name":  func(_, c map[string]any) { c["name"] = "karma" },
		"empty command": func(_, c map[string]any) { c["mend"] = "" },
		"nothing found": func(_, c map[string]any) { delete(c, "found") },
		"field":         func(_, c map[string]any) { c["colour"] = "red" },
		"timing":        func(d, _ map[string]any) { d["timing"].(map[string]any)["name"] = "sundial" },
	} {
		doc := documentOf(t, judge(healthy()))
		spoil(doc, doc["checks"].([]any)[0].(map[string]any))
		if compiled.Validate(doc) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The schema's lists are the names that the code uses.
func TestSchemaNames(t *testing.T) {
	var s struct {
		Properties struct {
			Schema struct{ Const string }
			Timing struct {
				Properties struct{ Name, Sockets struct{ Enum []string } }
			}
			Checks struct {
				Items struct {
					Properties struct{ Name struct{ Enum []string } }
				}
			}
		}
		Defs struct{ Status struct{ Enum []string } } `json:"$defs"`
	}
	text, err := json.Marshal(schema(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var timings, checks []string
	for _, t := range stamp.Timings {
		timings = append(timings, t.Name)
	}
	for _, c := range Checks {
		checks = append(checks, c.Name)
	}
	for name, pair := range map[string][2][]string{
		"schema":   {{s.Properties.Schema.Const}, {Schema}},
		"timings":  {s.Properties.Timing.Properties.Name.Enum, timings},
		"sockets":  {s.Properties.Timing.Properties.Sockets.Enum, {string(Raw), string(Datagram)}},
		"checks":   {s.Properties.Checks.Items.Properties.Name.Enum, checks},
		"statuses": {s.Defs.Status.Enum, {string(OK), string(Degraded), string(Missing), string(Unknown)}},
	} {
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s: the schema has %q, the code %q", name, pair[0], pair[1])
		}
	}
}
