package report_test

import (
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// graphs are as different as pages of all paths get: narrow, wide, meshed, silent, nested,
// folded, and none at all.
func graphs(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, cfg := range map[string]multipath.Config{
		"diamond_16": {}, "diamond_64": {}, "diamond_silent": {}, "diamond_nested": {}, "diamond_per_destination": {Destinations: 60},
	} {
		h, r := searched(t, name, name == "diamond_nested", cfg)
		all[name] = writeMultipath(t, h, r, nil)
	}
	h, _ := searched(t, "diamond_2", false, multipath.Config{})
	all["none"] = writeMultipath(t, h, &multipath.Result{Source: h.Source, Target: h.Address}, nil)
	all["meshed"] = writeMultipath(t, h, meshed(12), nil)
	return all
}

// meshed is a graph of two hops with so many nodes each, every one linked to every other.
func meshed(n int) *multipath.Result {
	r := &multipath.Result{Nodes: []*multipath.Node{{}}, Stop: tracer.StopReached, Flows: 1, Paths: [][]int{{0}}}
	for i := range 2 * n {
		node := &multipath.Node{Hop: 1 + i/n, Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), Flows: []int{i}, Probes: 3, Answered: 3}
		node.RTT.Add(time.Duration(100+i) * time.Millisecond)
		r.Nodes = append(r.Nodes, node)
		if i < n {
			r.Links = append(r.Links, multipath.Link{From: 0, To: 1 + i, Flows: []int{i}, Sure: true})
		}
	}
	for i := range n * n {
		r.Links = append(r.Links, multipath.Link{From: 1 + i/n, To: 1 + n + i%n, Flows: []int{i % n}, Sure: i%3 > 0})
	}
	return r
}

// Graphs fit whatever they are looked at on.
func TestMultipathBrowser(t *testing.T) {
	ctx := browser(t)
	for name, page := range graphs(t) {
		file := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		location := (&url.URL{Scheme: "file", Path: file}).String()
		for _, width := range []int64{320, 1280} {
			looks(t, ctx, name, location, width)
			if name == "none" {
				continue
			}
			if n, err := chromedp.Run(ctx, chromedp.Evaluate[int](outside)); err != nil || n > 0 {
				t.Errorf("%s at %d: %d texts or marks are not where they should be, %v", name, width, n, err)
			}
		}
		prints(t, ctx, name)
	}
}

// outside counts the texts of the graph that is seen that stand out of their marks, and
// the marks that overlap.
const outside = `(() => {
	const graph = [...document.querySelectorAll(".graph")].find(g => g.getBoundingClientRect().width > 0);
	const marks = [...graph.querySelectorAll(".mark")];
	const box = m => [...m.querySelectorAll("rect")].pop().getBoundingClientRect();
	let bad = 0;
	for (const m of marks) {
		const b = box(m);
		for (const t of m.querySelectorAll("text")) {
			const r = t.getBoundingClientRect();
			if (r.left < b.left - 1 || r.right > b.right + 1 || r.top < b.top - 2 || r.bottom > b.bottom + 2) bad++;
		}
		for (const o of marks) {
			const c = box(o);
			if (o !== m && b.left < c.right - 0.5 && c.left < b.right - 0.5 && b.top < c.bottom - 0.5 && c.top < b.bottom - 0.5) bad++;
		}
	}
	return bad;
})()`
