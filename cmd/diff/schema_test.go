package diff_test

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/diff"
	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
)

// What diff writes is as the schema says, made strict: a field that it does not name is
// an error here.
func TestSchema(t *testing.T) {
	schema := schematest.Compile(t, schematest.Strict(schematest.Read(t, "schema.json")))
	hops := []string{"10.0.0.1 10 11 12 13 14 15 16 17 18 19", "10.0.0.2 20 21 22", "* - - -", "10.0.0.5 50 51 -", "10.9.9.9 60 61 62"}
	other := []string{"10.0.0.1 30 31 32 33 34 35 36 37 38 39", "10.0.0.7 31 31 32", "10.0.0.4 40 41 42", "10.0.0.5 - - -"}
	for _, b := range [][]string{hops, other, {"* - - -"}, nil} {
		var out bytes.Buffer
		r := diff.Compare("a.json", load(t, doc(true, hops...)), "b.json", load(t, doc(false, b...)))
		if err := r.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%v\nin %s", err, out.String())
		}
	}
}
