package output

import (
	"strings"
	"testing"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"
)

// The graph is in the language of Graphviz, and holds all nodes and links and no
// others, whatever they are called.
func TestMultipathDOT(t *testing.T) {
	format, err := MultipathByName("dot")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range searches(t) {
		// The parser takes U+FFFD for what can't be read; Graphviz does not.
		text := strings.ReplaceAll(string(renderSearch(t, format, s)), "\ufffd", "?")
		file, err := dot.ParseString(text)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		nodes, edges := 0, []string{}
		if len(file.Graphs) != 1 || !file.Graphs[0].Directed {
			t.Fatalf("%s: %v", s.name, file)
		}
		for _, statement := range file.Graphs[0].Stmts {
			switch st := statement.(type) {
			case *ast.NodeStmt:
				nodes++
			case *ast.EdgeStmt:
				edges = append(edges, st.String())
			}
		}
		if s.result == nil {
			continue
		}
		if nodes != len(s.result.Nodes) || len(edges) != len(s.result.Links) {
			t.Errorf("%s: %d nodes and %d links, want %d and %d", s.name, nodes, len(edges), len(s.result.Nodes), len(s.result.Links))
			continue
		}
		for i, l := range s.result.Links {
			if dashed := strings.Contains(edges[i], "dashed"); dashed == l.Sure {
				t.Errorf("%s: %s, sure: %v", s.name, edges[i], l.Sure)
			}
		}
	}
}
