package report_test

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// text returns what a page says, without what it is styled with.
func text(t *testing.T, page string) string {
	t.Helper()
	var b strings.Builder
	tokens(t, page, func(tok html.Token) {
		if tok.Type == html.TextToken {
			b.WriteString(strings.TrimSpace(tok.Data) + "\n")
		}
	})
	return b.String()
}

// All that was found is there: outcome, branches, silence, losses, and every probe.
func TestTraceShows(t *testing.T) {
	page := writeTrace(t, sampleHeader(), sampleTrace(), nil)
	said := text(t, page)
	for _, want := range []string{
		"Path to a-host-with-quite-a-long-name", "reached in 7 hops, 1.00 s", "udp port 33434, 60 bytes", "kernel (eBPF by tcx)",
		"gw.example", "192.0.2.1", "a: 4 of 12 answers", "\n2 a\n", "\n2 c\n", "3–4", "no answer from 2 hops", "4 of 12 unanswered", "33 %", "hop 2 a", "hop 2 c",
		"As time went by", "Where the time goes", "send call", "network", "1 answer to probes answered before",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(page, "<tr><td>"); n != 7-2+2+7*queries {
		t.Errorf("%d rows, want one an address and one a probe", n)
	}
	if n := strings.Count(page, `<div class="node"`); n != 6 {
		t.Errorf("%d addresses on the path before the target's, want 6", n)
	}
	if n := strings.Count(page, `<div class="node end">`); n != 1 {
		t.Errorf("%d targets", n)
	}
}

// register is networks that are known from the start.
type register map[netip.Addr]origin.Origin

func (register) Lookup(netip.Addr) <-chan struct{} {
	over := make(chan struct{})
	close(over)
	return over
}

func (r register) Origin(addr netip.Addr) (origin.Origin, bool) { return r[addr], true }

// Networks and places that were asked for stand on the page too.
func TestTraceNetworks(t *testing.T) {
	h, trace := sampleHeader(), sampleTrace()
	h.Origins = register{trace.Hops[0].Probes[0].Answer.From: {AS: []uint32{64500}, Name: "EXAMPLE", Country: "NL", City: "Utrecht"}}
	if said := text(t, writeTrace(t, h, trace, nil)); !strings.Contains(said, "\nAS64500 EXAMPLE, NL Utrecht\n") {
		t.Errorf("no network in\n%s", said)
	}
}

// What is long is cut with a word of it.
func TestTraceOfMany(t *testing.T) {
	page := writeTrace(t, sampleHeader(), manyProbes(), nil)
	if !strings.Contains(page, "184 more are not listed here") || len(page) > 1<<20 {
		t.Errorf("%d bytes, and nothing of what is left out", len(page))
	}
}

func TestTraceEscapes(t *testing.T) {
	h := sampleHeader()
	h.Target, h.Interface, h.Notes, h.Rung = benchtest.Hostile, benchtest.Hostile, []string{benchtest.Hostile}, benchtest.Hostile
	trace := sampleTrace()
	trace.Stop = tracer.StopFailed
	page := writeTrace(t, h, trace, errors.New(benchtest.Hostile))
	if strings.Contains(page, "<script") || strings.ContainsRune(page, '\x1b') || strings.Count(page, "</title>") != 1 {
		t.Error("the hostile name came through")
	}
	if n := strings.Count(page, "alert(1)"); n < 7 {
		t.Errorf("the name is shown %d times, want it as text", n)
	}
	selfContained(t, page)
}

// Every colour is a name that the style defines.
func TestTraceColours(t *testing.T) {
	page := writeTrace(t, sampleHeader(), sampleTrace(), nil)
	_, body, _ := strings.Cut(page, "</style>")
	if m := regexp.MustCompile(`(fill|stroke):\s*(#|rgb)[^;"]*`).FindString(body); m != "" {
		t.Errorf("a drawing has %q", m)
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z-]+)\)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, m[1]+":") {
			t.Errorf("%s is not defined", m[1])
		}
	}
	for _, name := range []string{"good", "bad"} {
		if n := strings.Count(page, "--"+name+": #"); n != 3 {
			t.Errorf("%s has %d colours, want one for light, dark and print", name, n)
		}
	}
}

func TestTraceOfLittle(t *testing.T) {
	for name, trace := range littleTraces() {
		page := writeTrace(t, sampleHeader(), trace, nil)
		selfContained(t, page)
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") || strings.ContainsRune(page, '\x1b') {
			t.Errorf("%s: a number that is none", name)
		}
	}
	if page := writeTrace(t, sampleHeader(), littleTraces()["nothing"], errors.New("no buffer space")); !strings.Contains(page, "Nothing was probed") ||
		!strings.Contains(page, "no buffer space") {
		t.Error("no word of nothing")
	}
}

func TestWriteTraceFails(t *testing.T) {
	if err := report.WriteTrace(full{}, sampleHeader(), sampleTrace(), nil); !errors.Is(err, errFull) {
		t.Errorf("%v, want %v", err, errFull)
	}
}
