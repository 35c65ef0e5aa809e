package report

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// graphOf makes a result of the numbers of nodes at each hop, and links.
func graphOf(widths []int, links ...[2]int) *multipath.Result {
	r := &multipath.Result{}
	for hop, n := range widths {
		for range n {
			r.Nodes = append(r.Nodes, &multipath.Node{Hop: hop})
		}
	}
	for _, l := range links {
		r.Links = append(r.Links, multipath.Link{From: l[0], To: l[1], Sure: true})
	}
	return r
}

func rowsOf(all []*layer) (rows [][][]int) {
	for _, l := range all {
		var row [][]int
		for _, m := range l.marks {
			row = append(row, m.nodes)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestLayers(t *testing.T) {
	for _, tt := range []struct {
		name      string
		r         *multipath.Result
		most      int
		want      string
		crossings int
	}{
		{"the order of the text", graphOf([]int{1, 2, 2}, [2]int{0, 1}, [2]int{0, 2}, [2]int{1, 3}, [2]int{2, 4}), 9, "[[[0]] [[1] [2]] [[3] [4]]]", 0},
		{"ways cross", graphOf([]int{1, 2, 2}, [2]int{0, 1}, [2]int{0, 2}, [2]int{1, 4}, [2]int{2, 3}), 9, "[[[0]] [[1] [2]] [[4] [3]]]", 0},
		{"they have to", graphOf([]int{1, 2, 2}, [2]int{1, 3}, [2]int{1, 4}, [2]int{2, 3}, [2]int{2, 4}), 9, "[[[0]] [[1] [2]] [[3] [4]]]", 1},
		{"three ways", graphOf([]int{1, 3, 3}, [2]int{1, 6}, [2]int{2, 4}, [2]int{3, 5}), 9, "[[[0]] [[1] [2] [3]] [[6] [4] [5]]]", 0},
		{"alike", graphOf([]int{1, 4, 1}, [2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{0, 4}, [2]int{1, 5}, [2]int{2, 5}, [2]int{4, 5}), 3,
			"[[[0]] [[1 2 4] [3]] [[5]]]", 0},
		{"no two alike", graphOf([]int{1, 3, 3}, [2]int{1, 4}, [2]int{2, 5}, [2]int{3, 6}), 2, "[[[0]] [[1] [2 3]] [[4] [5 6]]]", 0},
		{"nothing", &multipath.Result{}, 9, "[]", 0},
	} {
		all := layers(tt.r, tt.most)
		if got := fmt.Sprint(rowsOf(all)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if n := crossings(all, tt.r.Links); n != tt.crossings {
			t.Errorf("%s: %d crossings, want %d", tt.name, n, tt.crossings)
		}
	}
}

// A fan, however wide, is drawn with no more marks than there is room for, every node
// in one of them.
func TestPlaces(t *testing.T) {
	for _, on := range []sheet{desk, phone} {
		for _, n := range []int{1, 2, 5, 16, 33, 300} {
			r := graphOf([]int{1, n})
			for i := range n {
				r.Links = append(r.Links, multipath.Link{From: i % 2, To: i + 1}) // not all alike
			}
			row := layers(r, on.most)[1]
			pitch := on.place(row)
			var nodes []int
			for i, m := range row.marks {
				nodes = append(nodes, m.nodes...)
				if m.x-pitch/2 < on.gutter-0.01 || m.x+pitch/2 > on.width+0.01 || i > 0 && m.x <= row.marks[i-1].x {
					t.Errorf("%d nodes: mark %d is at %.0f, %.0f wide", n, i, m.x, pitch)
				}
			}
			slices.Sort(nodes)
			if len(slices.Compact(nodes)) != n || len(row.marks) > on.most {
				t.Errorf("%d nodes in %d marks of %d", len(nodes), len(row.marks), n)
			}
		}
	}
}
