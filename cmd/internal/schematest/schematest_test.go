package schematest_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
)

// Strict forbids what the schema does not name, also deep inside, but for objects of
// which it names nothing; plain, the schema lets it pass.
func TestStrict(t *testing.T) {
	read := func() any { return schematest.Read(t, "testdata/schema.json") }
	plain, strict := schematest.Compile(t, read()), schematest.Compile(t, schematest.Strict(read()))
	inner := schematest.CompileAt(t, schematest.Strict(read()), "/$defs/inner")
	for _, tt := range []struct {
		doc  map[string]any
		want bool
	}{
		{map[string]any{"a": 1, "in": []any{map[string]any{"b": "x"}}, "any": map[string]any{"z": 1}}, true},
		{map[string]any{"a": 1, "c": 2}, false},
		{map[string]any{"in": []any{map[string]any{"b": "x", "c": 2}}}, false},
	} {
		if err := plain.Validate(tt.doc); err != nil {
			t.Errorf("plain: %v", err)
		}
		if got := strict.Validate(tt.doc) == nil; got != tt.want {
			t.Errorf("%v: accepted %v, want %v", tt.doc, got, tt.want)
		}
	}
	if inner.Validate(map[string]any{"b": "x"}) != nil || inner.Validate(map[string]any{"a": 1}) == nil {
		t.Error("a part is not what it says")
	}
}
