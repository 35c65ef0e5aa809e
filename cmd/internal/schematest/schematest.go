// Package schematest holds JSON documents to their schemas.
package schematest

import (
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Read reads a schema, or any other JSON document.
func Read(t testing.TB, file string) any {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	schema, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// Strict has a schema forbid unknown fields in every object whose fields it names,
// and returns it.
func Strict(schema any) any {
	switch s := schema.(type) {
	case map[string]any:
		for _, v := range s {
			Strict(v)
		}
		if _, named := s["properties"].(map[string]any); named && s["type"] == "object" {
			s["additionalProperties"] = false
		}
	case []any:
		for _, v := range s {
			Strict(v)
		}
	}
	return schema
}

// Compile compiles a schema. Formats, as of dates, are looked at as well.
func Compile(t testing.TB, schema any) *jsonschema.Schema {
	t.Helper()
	return CompileAt(t, schema, "")
}

// CompileAt compiles the part of a schema that a JSON pointer leads to (RFC 6901).
func CompileAt(t testing.TB, schema any, pointer string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
