package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ebpftrace/ebpftrace/cmd/internal/goldentest"
	"github.com/ebpftrace/ebpftrace/cmd/internal/schematest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

func renderSearch(t *testing.T, f MultipathFormat, s search) []byte {
	t.Helper()
	var out bytes.Buffer
	w := f.New(&out)
	if err := errors.Join(w.Start(s.header), w.End(s.result, s.err)); err != nil {
		t.Fatalf("%s of %s: %v", f.Name, s.name, err)
	}
	return out.Bytes()
}

func eachSearch(t *testing.T, test func(*testing.T, MultipathFormat, search)) {
	for _, s := range searches(t) {
		for _, f := range MultipathFormats {
			t.Run(f.Name+"/"+s.name, func(t *testing.T) { test(t, f, s) })
		}
	}
}

// Everything that is written stays as it is. Of JSON documents, which are long, the
// schema and the other tests see to all but one.
func TestMultipathGolden(t *testing.T) {
	eachSearch(t, func(t *testing.T, f MultipathFormat, s search) {
		if f.Name == "json" && s.name != "diamond_2" && s.name != "nothing" {
			return
		}
		got := renderSearch(t, f, s)
		file := filepath.Join("testdata", "multipath", strings.ReplaceAll(s.name, " ", "-")+"."+f.Name+".golden")
		goldentest.Compare(t, file, got)
	})
}

// TestMultipathConformance holds every format to what it has in common with others:
// whole lines, safe to show, with every address.
func TestMultipathConformance(t *testing.T) {
	eachSearch(t, func(t *testing.T, f MultipathFormat, s search) {
		out := string(renderSearch(t, f, s))
		if !strings.HasSuffix(out, "\n") {
			t.Error("the last line has no end")
		}
		for _, r := range out {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Fatalf("%U in the output", r)
			}
		}
		if strings.Contains(out, "%!") || strings.Contains(out, "%eth0") {
			t.Error("a zone, or a format that went wrong")
		}
		if s.err != nil && !strings.Contains(out, Safe(s.err.Error())) {
			t.Errorf("nothing about %q", s.err)
		}
		if s.result == nil {
			return
		}
		for _, n := range s.result.Nodes[1:] {
			if !n.Star() && !strings.Contains(out, n.Addr.String()) {
				t.Errorf("nothing about %v", n.Addr)
			}
		}
	})
}

func TestMultipathWriteErrors(t *testing.T) {
	eachSearch(t, func(t *testing.T, f MultipathFormat, s search) {
		for writes := 0; writes < 3; writes++ {
			w := f.New(&broken{good: writes})
			err := w.Start(s.header)
			if err == nil {
				err = w.End(s.result, s.err)
			}
			if single := f.Name != "text" && writes > 0; single != (err == nil) || err != nil && !errors.Is(err, errBroken) {
				t.Errorf("after %d writes: %v", writes, err)
			}
		}
	})
}

func TestMultipathSchema(t *testing.T) {
	schema := compile(t, strict(readMultipathSchema(t)))
	format, err := MultipathByName("json")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range searches(t) {
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(renderSearch(t, format, s)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func readMultipathSchema(t *testing.T) any { return schematest.Read(t, "multipath.schema.json") }

// TestMultipathSchemaNames holds the schema's lists to the names that the code uses.
func TestMultipathSchemaNames(t *testing.T) {
	var schema struct {
		Properties struct {
			Schema     struct{ Const string }
			StopReason struct{ Enum []string } `json:"stop_reason"`
		}
		Defs struct {
			Node struct {
				Properties struct{ Balance struct{ Enum []string } }
			}
			Doubt struct {
				Properties struct{ Why struct{ Enum []string } }
			}

			Counters, Tally struct{ Required []string }
		} `json:"$defs"`
	}
	text, err := json.Marshal(readMultipathSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Properties.Schema.Const != MultipathSchema {
		t.Errorf("schema %q", schema.Properties.Schema.Const)
	}
	same(t, "reasons to stop", schema.Properties.StopReason.Enum, between(tracer.StopReached, tracer.StopFailed))
	same(t, "kinds of balancing", schema.Defs.Node.Properties.Balance.Enum, between(multipath.BalanceNone, multipath.BalanceUnknown))
	same(t, "doubts", schema.Defs.Doubt.Properties.Why.Enum, doubts(t))
	same(t, "counters", schema.Defs.Counters.Required, keys(flat(t, tracer.Counters{})))
	same(t, "tally", schema.Defs.Tally.Required, keys(flat(t, multipath.Tally{})))
}

// doubts returns the reasons that package multipath has constants for.
func doubts(t *testing.T) (all []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "tracer", "multipath", "doubt.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
		}
		return true
	})
	return all
}

// Each reason for a doubt is explained, in words of its own.
func TestReasons(t *testing.T) {
	var seen []string
	for _, why := range doubts(t) {
		text := reasons(multipath.Reason(why))
		if text == why || slices.Contains(seen, text) {
			t.Errorf("%s: %q", why, text)
		}
		seen = append(seen, text)
	}
}

// What a document says of flows is what the result says.
func TestMultipathFlows(t *testing.T) {
	for _, s := range searches(t) {
		if s.result == nil {
			continue
		}
		for _, f := range newMultipathDocument(s.header, s.result, nil).Flows {
			if !slices.Equal(f.Path, s.result.Path(f.Flow)) {
				t.Errorf("%s: flow %d: path %v, want %v", s.name, f.Flow, f.Path, s.result.Path(f.Flow))
			}
			times := map[int][]int64{}
			for _, at := range f.RTTs {
				times[at.Node] = at.RTTs
			}
			for _, node := range f.Path {
				got, want := times[node], s.result.FlowRTT(f.Flow, node)
				if int64(len(got)) != want.Count() || len(got) > 0 && (slices.Min(got) != int64(want.Min()) || slices.Max(got) != int64(want.Max())) {
					t.Errorf("%s: flow %d at %d: %v, want %d from %v to %v", s.name, f.Flow, node, got, want.Count(), want.Min(), want.Max())
				}
			}
		}
	}
}

func TestPerCent(t *testing.T) {
	for p, want := range map[float64]string{
		0.95: "95 %", 0.9496: "94.9 %", 0.999: "99.9 %", 1: "100 %", 0: "0 %", 0.9999: "99.9 %", 0.29: "29 %",
	} {
		if got := perCent(p); got != want {
			t.Errorf("perCent(%v) = %q, want %q", p, got, want)
		}
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := ordinal(n); got != want {
			t.Errorf("ordinal(%d) = %s, want %s", n, got, want)
		}
	}
}
