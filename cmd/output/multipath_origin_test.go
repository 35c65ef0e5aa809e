package output

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// Each format of all paths names the networks that were asked for.
func TestMultipathOrigins(t *testing.T) {
	s := simulated(t, "diamond_2", false, multipath.Config{})
	s.header.Origins = register{"198.18.1.1": origin.Origin{AS: []uint32{64500}, Name: "EXAMPLE\x1b"}}
	for name, want := range map[string]string{
		"text": "198.18.1.1 [AS64500 EXAMPLE\uFFFD]", "dot": "[AS64500 EXAMPLE\uFFFD]", "json": `"as_name": "EXAMPLE` + "\uFFFD\"",
	} {
		format, err := MultipathByName(name)
		if err != nil {
			t.Fatal(err)
		}
		out := renderSearch(t, format, s)
		if !strings.Contains(string(out), want) {
			t.Errorf("%s: no %q in\n%s", name, want, out)
		}
		if name != "json" {
			continue
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if err := compile(t, strict(readMultipathSchema(t))).Validate(instance); err != nil {
			t.Error(err)
		}
	}
}
