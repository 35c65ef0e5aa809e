package report_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// drawings returns those of the graph, for the desk and for the phone.
func drawings(t *testing.T, page string) (wide, narrow string) {
	t.Helper()
	_, rest, ok := strings.Cut(page, `<div class="graph wide">`)
	wide, rest, ok2 := strings.Cut(rest, `<div class="graph narrow">`)
	narrow, _, ok3 := strings.Cut(rest, "</div>")
	if !ok || !ok2 || !ok3 {
		t.Fatal("the page has no graph")
	}
	return wide, narrow
}

var paths = regexp.MustCompile(`<path class="link`)

// All that the text says is on the page, and every node and link is drawn.
func TestMultipathShows(t *testing.T) {
	h, r := searched(t, "diamond_4", false, multipath.Config{})
	r.Counters.Malformed = 4
	h.Notes = []string{"a note"}
	page := writeMultipath(t, h, r, nil)
	words := text(t, page)
	said := output.SayMultipath(h, r, nil)
	want := append([]string{"All paths to target.lab", said.Outcome, said.Confidence, said.Effort, said.Repeat, "4 answers too short", "a note", "gw.example"}, said.Diamonds...)
	for i, n := range said.Nodes {
		want = append(want, n.Address)
		if i > 0 {
			want = append(want, n.Answers+" answered")
		}
		want = append(want, n.Remarks...)
		if d := r.Nodes[i].RTT; d.Count() > 0 {
			want = append(want, output.Duration(d.Quantile(0.5)))
		}
	}
	for _, w := range want {
		if !strings.Contains(words, w) {
			t.Errorf("no %q", w)
		}
	}
	wide, narrow := drawings(t, page)
	for name, drawn := range map[string]string{"wide": wide, "narrow": narrow} {
		if n := len(paths.FindAllString(drawn, -1)); n != len(r.Links) {
			t.Errorf("%s: %d links are drawn, want %d", name, n, len(r.Links))
		}
		if n := strings.Count(drawn, `<g class="mark`); n != len(r.Nodes) {
			t.Errorf("%s: %d nodes are drawn, want %d", name, n, len(r.Nodes))
		}
	}
	if n := strings.Count(page, "<tr><td>"); n != len(r.Nodes)-1+r.Flows {
		t.Errorf("%d rows, want one a node and one a flow", n)
	}
	selfContained(t, page)
}

// What is not sure looks and reads so.
func TestMultipathDoubts(t *testing.T) {
	h, r := searched(t, "diamond_at_random", false, multipath.Config{})
	page := writeMultipath(t, h, r, nil)
	unsure := 0
	for _, l := range r.Links {
		if !l.Sure {
			unsure++
		}
	}
	wide, _ := drawings(t, page)
	if n := strings.Count(wide, `class="link unsure"`); n != unsure || n == 0 {
		t.Errorf("%d links are drawn as not sure, want %d", n, unsure)
	}
	if !strings.Contains(wide, ">2A ?") || !strings.Contains(page, `<p class="finding">not sure about 2A`) {
		t.Error("no word of the doubt")
	}
	h, r = searched(t, "diamond_4", false, multipath.Config{MaxProbes: 30})
	if page := writeMultipath(t, h, r, nil); !strings.Contains(page, `<p class="verdict bad">only `) {
		t.Error("no word of the confidence that was not reached")
	}
}

// A row that is too wide is folded; all of its nodes are listed.
func TestMultipathFolds(t *testing.T) {
	h, r := searched(t, "diamond_64", false, multipath.Config{})
	page := writeMultipath(t, h, r, nil)
	wide, narrow := drawings(t, page)
	for _, drawn := range []string{wide, narrow} {
		if !strings.Contains(drawn, ">64 nodes<") || strings.Count(drawn, `<g class="mark`) != 6 {
			t.Error("64 nodes alike are not one mark")
		}
	}
	for _, n := range r.Nodes[1:] {
		if !strings.Contains(page, "<code>"+n.Addr.String()+"</code>") {
			t.Errorf("%v is not listed", n.Addr)
		}
	}
}

func TestMultipathEscapes(t *testing.T) {
	h, r := searched(t, "diamond_2", false, multipath.Config{})
	h.Target, h.Interface, h.Notes, h.Rung = benchtest.Hostile, benchtest.Hostile, []string{benchtest.Hostile}, benchtest.Hostile
	h.Again.Command[1] = benchtest.Hostile
	r.Stop = tracer.StopFailed
	page := writeMultipath(t, h, r, errors.New(benchtest.Hostile))
	if strings.Contains(page, "<script") || strings.ContainsRune(page, '\x1b') || strings.Count(page, "</title>") != strings.Count(page, "<title>") {
		t.Error("the hostile name came through")
	}
	if n := strings.Count(page, "alert(1)"); n < 8 {
		t.Errorf("the name is shown %d times, want it as text", n)
	}
	selfContained(t, page)
}

// Every colour is a name that the style defines.
func TestMultipathColours(t *testing.T) {
	h, r := searched(t, "diamond_silent", false, multipath.Config{})
	page := writeMultipath(t, h, r, nil)
	_, body, _ := strings.Cut(page, "</style>")
	if m := regexp.MustCompile(`(fill|stroke)(:|=")\s*(#|rgb)[^;"]*`).FindString(body); m != "" {
		t.Errorf("a drawing has %q", m)
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z-]+)\)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, m[1]+":") {
			t.Errorf("%s is not defined", m[1])
		}
	}
}

// Whatever was found, there is a page of it.
func TestMultipathOfLittle(t *testing.T) {
	h, r := searched(t, "diamond_2", false, multipath.Config{})
	for name, little := range map[string]*multipath.Result{
		"nothing": {}, "the source alone": {Nodes: r.Nodes[:1], Flows: 1, Paths: [][]int{{0}}},
		"a star": {Nodes: []*multipath.Node{r.Nodes[0], {Hop: 1, Probes: 3}}, Links: []multipath.Link{{From: 0, To: 1}}},
	} {
		page := writeMultipath(t, h, little, errors.New("link down"))
		selfContained(t, page)
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") || strings.Contains(page, "%!") {
			t.Errorf("%s: a number that is none", name)
		}
	}
	if err := report.WriteMultipath(full{}, h, r, nil); !errors.Is(err, errFull) {
		t.Errorf("%v, want %v", err, errFull)
	}
}

// A page has a row for each flow, up to a bound.
func TestMultipathOfMany(t *testing.T) {
	h, r := searched(t, "diamond_2", false, multipath.Config{})
	r.Flows, r.Paths = 1200, slices.Repeat(r.Paths[:1], 1200)
	if page := writeMultipath(t, h, r, nil); !strings.Contains(page, "200 more are not listed here") {
		t.Error("nothing of what is left out")
	}
}
