package output

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// written is what the table makes of hops.
func written(t *testing.T, h Header, hops ...tracer.Hop) []string {
	t.Helper()
	format, err := ByName("table")
	if err != nil {
		t.Fatal(err)
	}
	out := render(t, format, sample{header: h, trace: trace(tracer.StopReached, 9*ms, hops...)})
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// Three silent hops in a row and more take one line, wherever they are.
func TestFolding(t *testing.T) {
	silent := func(ttl int) tracer.Hop { return at(ttl, lost, lost) }
	heard := func(ttl int) tracer.Hop { return at(ttl, heard("192.0.2.1", ms), lost) }
	lines := written(t, header4, heard(1), silent(2), silent(3), heard(4), silent(5), silent(6), silent(7), heard(8),
		silent(9), silent(10), silent(11), silent(12))
	want := []string{" 1  192.0.2.1", " 2  *  *", " 3  *  *", " 4  192.0.2.1",
		"5-7  *  no answer from 3 hops, 6 probes", " 8  192.0.2.1", "9-12  *  no answer from 4 hops, 8 probes"}
	for i, line := range want {
		if !strings.HasPrefix(lines[2+i], line) {
			t.Errorf("line %d: %q, want %q", i+1, lines[2+i], line)
		}
	}
}

// On a terminal no line of a hop is longer than that, as long as addresses fit.
func TestWidth(t *testing.T) {
	long := book{"192.0.2.1": strings.Repeat("router-", 9) + ".example"}
	times := at(1, heard("192.0.2.1", ms), heard("192.0.2.1", 2*ms), heard("192.0.2.1", 3*ms))
	for width, want := range map[int]string{
		120: "router-router-router-", 80: "router-router-router-router… (192.0.2.1) ", 60: " 1  router-rou… (192.0.2.1) ", 56: " 1  192.0.2.1 ", 20: " 1  192.0.2.1", 0: long["192.0.2.1"],
	} {
		lines := written(t, header4.with(func(h *Header) { h.Names, h.Width = long, width }), times)
		hop := lines[slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, " 1 ") })]
		if !strings.Contains(hop, want) || width >= 52 && utf8.RuneCountInString(hop) > width {
			t.Errorf("%d wide: %q, want %q in it", width, hop, want)
		}
	}
}

// More probes than there is room for are summed up, unless there is more to tell of
// them than times; where there is no terminal each has its own place.
func TestCrowd(t *testing.T) {
	var probes []tracer.Probe
	for i := range 12 {
		probes = append(probes, heard("192.0.2.1", time.Duration(12-i)*ms))
	}
	probes[3] = lost
	wide := func(width int) Header { return header4.with(func(h *Header) { h.Width = width }) }
	lines := written(t, wide(80), at(1, probes...))
	hop := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, " 1  192.0.2.1 ") })
	if got, want := lines[max(hop, 0)], "  6.00 ms  (1.00 ms to 12.00 ms, 11 of 12 answered)"; !strings.HasSuffix(got, want) || utf8.RuneCountInString(got) > 80 {
		t.Errorf("%q, want %q at its end", got, want)
	}
	for _, h := range []Header{wide(0), wide(200)} {
		if got := strings.Join(written(t, h, at(1, probes...)), "\n"); strings.Count(got, ".00 ms") != 12 { // and how long it took
			t.Errorf("%q, want all times", got)
		}
	}
	probes[5] = heard("192.0.2.2", ms)
	if got := strings.Join(written(t, wide(80), at(1, probes...)), "\n"); strings.Contains(got, "answered)") || !strings.Contains(got, "192.0.2.2") {
		t.Errorf("%q, want both addresses", got)
	}
}

// Slow probes, hops that are much slower than those before, and losses stand out; where
// no colours are wanted there are none.
func TestColours(t *testing.T) {
	hops := []tracer.Hop{
		at(1, heard("192.0.2.1", ms), heard("192.0.2.1", 5*ms), lost),
		at(2, heard("192.0.2.2", 2*ms), heard("192.0.2.2", 3*ms)),
		at(3, heard("192.0.2.3", 40*ms), heard("192.0.2.3", 41*ms)),
		at(4, heard("192.0.2.4", 42*ms), heard("192.0.2.4", 43*ms)),
	}
	plain := written(t, header4, hops...)
	lines := written(t, header4.with(func(h *Header) { h.Colour, h.Names = true, names4 }), hops...)
	for line, want := range map[int]string{
		2: "gw.example \x1b[2m(192.0.2.1)\x1b[0m                      1.00 ms  \x1b[33m  5.00 ms\x1b[0m  \x1b[31m        *\x1b[0m",
		3: "    2.00 ms    3.00 ms",
		4: "\x1b[33m 40.00 ms\x1b[0m  \x1b[33m 41.00 ms\x1b[0m",
		5: "   42.00 ms   43.00 ms",
	} {
		if !strings.Contains(lines[line], want) {
			t.Errorf("%q, want %q in it", lines[line], want)
		}
	}
	if strings.Contains(strings.Join(plain, ""), "\x1b") {
		t.Errorf("colours in %q", plain)
	}
}

// Whatever the table says is broken for the terminal between words; a hop with more than
// fits takes one line nevertheless, and hops stand below each other.
func TestNarrow(t *testing.T) {
	hops := []tracer.Hop{
		at(1, heard("192.0.2.1", ms), heard("192.0.2.1", 2*ms), lost),
		at(2, heard("192.0.2.100", ms), heard("192.0.2.100", 2*ms), heard("192.0.2.100", 2*ms)),
	}
	for _, name := range []string{"", "router-with-a-name.example"} {
		for width := 40; width < 130; width++ {
			lines := written(t, header4.with(func(h *Header) {
				h.Width, h.Rung, h.Interface, h.Notes = width, "eBPF by tcx", "eth0", []string{"no eBPF: it lacks " + strings.Repeat("CAP_BPF, ", 12)}
				h.Names = book{"192.0.2.1": name}
			}), hops...)
			for _, line := range lines {
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%d wide: %d characters: %q", width, n, line)
				}
			}
			text := strings.Join(lines, "\n")
			one, _, ok := strings.Cut(lineWith(lines, " 1 "), " ms")
			two, _, _ := strings.Cut(lineWith(lines, " 2 "), " ms")
			if !ok || utf8.RuneCountInString(one) != utf8.RuneCountInString(two) {
				t.Errorf("%d wide: not below each other\n%s", width, text)
			}
		}
	}
}

func lineWith(lines []string, prefix string) string {
	for _, line := range lines {
		if strings.HasPrefix(line, prefix) {
			return line
		}
	}
	return ""
}

// Who else answers at a hop begins a line of its own where one is not enough, and marks
// behind times take their room from the name.
func TestNarrowHops(t *testing.T) {
	both := book{"192.0.2.1": "one.example", "192.0.2.2": "two.example", "192.0.2.3": "a-long-name-of-a-router.example"}
	barred := says(wire.Unreachable, 3, 13)
	lines := written(t, header4.with(func(h *Header) { h.Width, h.Names = 80, both }),
		at(1, heard("192.0.2.1", ms), heard("192.0.2.2", 2*ms), heard("192.0.2.2", 3*ms)),
		at(2, heard("192.0.2.3", ms, barred), heard("192.0.2.3", ms, barred), heard("192.0.2.3", ms, barred)))
	text := strings.Join(lines, "\n")
	for _, want := range []string{
		"\n 1  one.example (192.0.2.1)                     1.00 ms\n    two.example (192.0.2.2)                     2.00 ms    3.00 ms\n",
		"\n 2  a-long-name-of-a-rout… (192.0.2.3)    1.00 ms !X    1.00 ms !X    1.00 ms !X\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	wide := strings.Join(written(t, header4.with(func(h *Header) { h.Width, h.Names = 120, both }),
		at(1, heard("192.0.2.1", ms), heard("192.0.2.2", 2*ms))), "\n")
	if want := "1.00 ms  two.example (192.0.2.2)  2.00 ms\n"; !strings.Contains(wide, want) {
		t.Errorf("no %q in\n%s", want, wide)
	}
}
