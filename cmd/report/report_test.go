package report_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/report"
)

func write(t *testing.T, r *bench.Result) string {
	t.Helper()
	var w bytes.Buffer
	if err := report.Write(&w, r); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// tokens calls fn for each token of a page, and fails where a tag is closed
// that was not open, or stays open.
func tokens(t *testing.T, page string, fn func(html.Token)) {
	t.Helper()
	void := map[string]bool{"meta": true}
	var open []string
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		tok := z.Token()
		switch {
		case tok.Type == html.StartTagToken && !void[tok.Data]:
			open = append(open, tok.Data)
		case tok.Type == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("</%s> closes %v", tok.Data, open)
			}
			open = open[:len(open)-1]
		}
		fn(tok)
	}
	if len(open) > 0 {
		t.Errorf("%v stay open", open)
	}
}

// The page needs nothing but itself: it loads nothing, and runs nothing.
func TestSelfContained(t *testing.T) {
	if svgs := selfContained(t, write(t, benchtest.Result())); svgs < 6+4 {
		t.Errorf("%d drawings, want three for two widths and one an address", svgs)
	}
	if svgs := selfContained(t, writeTrace(t, sampleHeader(), sampleTrace(), nil)); svgs < 6+7 {
		t.Errorf("%d drawings, want three for two widths and one an address", svgs)
	}
}

// selfContained returns the number of drawings.
func selfContained(t *testing.T, page string) (svgs int) {
	t.Helper()
	tokens(t, page, func(tok html.Token) {
		switch tok.Data {
		case "script", "link", "img", "image", "iframe", "object", "embed", "use", "a", "base", "foreignobject":
			if tok.Type != html.TextToken {
				t.Errorf("a <%s>", tok.Data)
			}
		case "svg":
			if tok.Type == html.StartTagToken {
				svgs++
			}
		}
		for _, a := range tok.Attr {
			if a.Key == "src" || strings.HasSuffix(a.Key, "href") || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s=%q>", tok.Data, a.Key, a.Val)
			}
		}
	})
	if m := regexp.MustCompile(`@import|url\(`).FindString(page); m != "" {
		t.Errorf("the page has %q", m)
	}
	return svgs
}

// All that was measured is there: sources, parts, hops and addresses.
func TestShows(t *testing.T) {
	page := write(t, benchtest.Result())
	var text strings.Builder
	tokens(t, page, func(tok html.Token) {
		if tok.Type == html.TextToken {
			text.WriteString(tok.Data + "\n")
		}
	})
	for _, want := range []string{
		"www.example.net (2001:db8::7)", "kernel", "driver+tcx", "tcx+receive", "tcx", "socket", "user",
		"driver start to receive", "send call", "queue", "network", "receive path", "wake-up",
		"Hop 1", "Hop 2", "Hop 3: no answer", "Hop 4", "hop 2 a", "hop 2 b", "hop 4",
		"192.0.2.1", "192.0.2.21", "192.0.2.22", "2001:db8::7", "gw.example", "100 lost",
		"60.5 µs longer than the best source", "100 of 100 rounds",
		"10 more were stamped at other points",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q", want)
		}
	}
}

// A name of somebody else's choosing is text, and nothing else.
func TestEscapes(t *testing.T) {
	r := benchtest.Result()
	r.Header.Target, r.Header.Interface = benchtest.Hostile, benchtest.Hostile
	r.Header.Notes = []string{benchtest.Hostile}
	page := write(t, r)
	if strings.Contains(page, "<script") || strings.ContainsRune(page, '\x1b') || strings.Count(page, "</title>") != 1 {
		t.Error("the hostile name came through")
	}
	if n := strings.Count(page, "alert(1)"); n < 4 {
		t.Errorf("the name is shown %d times, want it as text", n)
	}
	tokens(t, page, func(html.Token) {})
}

// Every colour is a name that the style defines, in light, dark and print.
func TestColours(t *testing.T) {
	page := write(t, benchtest.Result())
	_, body, _ := strings.Cut(page, "</style>")
	if m := regexp.MustCompile(`(fill|stroke):\s*(#|rgb)[^;"]*`).FindString(body); m != "" {
		t.Errorf("a drawing has %q", m)
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z-]+)\)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, m[1]+":") {
			t.Errorf("%s is not defined", m[1])
		}
	}
	for _, source := range []string{"kernel", "driver-tcx", "tcx-receive", "tcx", "socket", "user", "wake-up", "network"} {
		if !strings.Contains(body, "var(--"+source+")") {
			t.Errorf("nothing is drawn as %s", source)
		}
		if n := strings.Count(page, "--"+source+": #"); n != 3 {
			t.Errorf("%s has %d colours, want one for light, dark and print", source, n)
		}
	}
}

// One sample, one source, nothing at all: there is a page for each.
func TestLittle(t *testing.T) {
	nothing := &bench.Result{Header: benchtest.Result().Header}
	if page := write(t, nothing); !strings.Contains(page, "Nothing was measured") {
		t.Error("no word of nothing")
	}
	for name, r := range little() {
		page := write(t, r)
		tokens(t, page, func(html.Token) {})
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
			t.Errorf("%s: a number that is none", name)
		}
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteFails(t *testing.T) {
	if err := report.Write(full{}, benchtest.Result()); !errors.Is(err, errFull) {
		t.Errorf("%v, want %v", err, errFull)
	}
}
