package live

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// The whole screen, as it was looked at and found good.
func TestScreen(t *testing.T) {
	m, _ := testModel(120, 16)
	usual(m, 20)
	want := []string{
		"ebpftrace live  www.example.net (2001:db8::7)  udp port 33434                                                   round 20",
		"times in ms by kernel (eBPF by tcx); every 1s; from fe80::1 on eth0",
		"  #  Host                                        Loss  Sent  Last  Best   p50   p99 Worst Jitter  History",
		"  1  gw.example (192.0.2.1)                      0.0%    20  0.40  0.40  0.40  0.40  0.40   0.00    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁",
		"  2  no answer up to hop 3                     100.0%    20                                         xxxxxxxxxxxxxxxxxxxx",
	}
	got := strings.Split(text(m), "\n")
	for i, line := range want {
		if strings.TrimRight(got[i], " ") != line {
			t.Errorf("line %d:\n%q, want\n%q", i, got[i], line)
		}
	}
	target := strings.Fields(ansi.Strip(lineWith(t, m, "  5  www.example.net")))
	if got := strings.Join(target[3:10], " "); got != "0.0% 20 90.00 20.00 20.02 90.00 90.00" {
		t.Errorf("the target: %s", got)
	}
	if len(got) != 16 || !strings.HasPrefix(got[14], "reached in 5 hops") || !strings.HasPrefix(got[15], "? help  q quit") {
		t.Errorf("%d lines, the last two\n%s", len(got), strings.Join(got[len(got)-2:], "\n"))
	}
	if strings.ContainsRune(text(m), '\x1b') {
		t.Error("an escape sequence came through")
	}
}

// Whatever the size, no line is too long and none too many, and what matters most is
// there.
func TestSizes(t *testing.T) {
	for _, keys := range [][]string{nil, {"d"}, {"d", "up"}, {"?"}, {"o"}} {
		m, _ := testModel(80, 24)
		usual(m, 30)
		press(m, keys...)
		for width := 1; width <= 200; width += 7 {
			for _, height := range []int{1, 2, 3, 5, 8, 12, 15, 24, 60} {
				m.Update(tea.WindowSizeMsg{Width: width, Height: height})
				lines := strings.Split(text(m), "\n")
				if len(lines) > height {
					t.Fatalf("%v at %dx%d: %d lines", keys, width, height, len(lines))
				}
				for _, line := range lines {
					if w := widthOf(line); w > width {
						t.Fatalf("%v at %dx%d: %d columns: %q", keys, width, height, w, line)
					}
				}
				if width >= 40 && height >= 12 && keys == nil {
					head := ansi.Strip(lineWith(t, m, "Host"))
					if !strings.Contains(head, "Loss") || !strings.Contains(head, "Last") || !strings.Contains(text(m), "gw.example") {
						t.Fatalf("at %dx%d:\n%s", width, height, text(m))
					}
				}
			}
		}
	}
}

// Columns stand below their heads, whoever answers and however long his name is.
func TestAligned(t *testing.T) {
	for _, width := range []int{40, 50, 80, 97, 120, 160} {
		m, _ := testModel(width, 24)
		for n := range 5 {
			m.Update(roundMsg{0, round(n, at{"192.0.2.3", time.Millisecond}, at{"2001:db8:1111:2222:3333:4444:5555:6666", time.Second}, at{"192.0.2.9", 12345 * time.Millisecond})})
		}
		end := strings.Index(ansi.Strip(lineWith(t, m, "Host")), "Last") + len("Last")
		for host, last := range map[string]string{"  1 ": "1.00", "  2 ": "1000.00", "  3 ": "12345"} {
			line := []rune(ansi.Strip(lineWith(t, m, host)))
			if len(line) < end || !strings.HasSuffix(string(line[:end]), " "+last) {
				t.Errorf("at %d: %q does not end with %s at column %d:\n%s", width, string(line), last, end, text(m))
			}
		}
	}
}

// Loss is red where it may be one of packets, and not where hops beyond answer all.
func TestLossColours(t *testing.T) {
	m, _ := testModel(120, 24)
	usual(m, 20)
	if line := lineWith(t, m, "  4  "); !strings.Contains(line, faint.Styled("50.0%")) {
		t.Errorf("a hop that limits its answers: %q", line)
	}
	m, _ = testModel(120, 24)
	for n := range 10 {
		a := []at{{"192.0.2.1", time.Millisecond}, {"192.0.2.4", 2 * time.Millisecond}, {"192.0.2.9", 3 * time.Millisecond}}
		if n < 4 {
			a[1], a[2] = at{"*", 0}, at{"*", 0}
		}
		m.Update(roundMsg{0, round(n, a...)})
	}
	for _, ttl := range []string{"  2  ", "  3  "} {
		if line := lineWith(t, m, ttl); !strings.Contains(line, bad.Styled("40.0%")) {
			t.Errorf("a hop from which on packets are lost: %q", line)
		}
	}
	if line := lineWith(t, m, "  1  "); !strings.Contains(line, faint.Styled("0.0%")) {
		t.Errorf("a hop without loss: %q", line)
	}
}

// The hop where most of the delay comes in stands out, and so does a slow answer.
func TestSlow(t *testing.T) {
	m, _ := testModel(120, 24)
	usual(m, 20)
	line := lineWith(t, m, "  5  ")
	if !strings.Contains(line, warn.Styled("20.02")) || !strings.Contains(line, warn.Styled("90.00")) {
		t.Errorf("%q", line)
	}
	if line := lineWith(t, m, "  1  "); !strings.Contains(line, bold.Styled("0.40")) {
		t.Errorf("%q", line)
	}
}

// A change of the path is marked at its hop, and told with its time.
func TestChange(t *testing.T) {
	m, _ := testModel(120, 24)
	for n := range 30 {
		second := "192.0.2.7"
		if n >= 10 {
			second = "192.0.2.8"
		}
		m.Update(roundMsg{0, round(n, at{"192.0.2.1", time.Millisecond}, at{second, time.Millisecond}, at{"192.0.2.9", time.Millisecond})})
	}
	lineWith(t, m, "Δ 12:00:10 hop 2: 192.0.2.7 → 192.0.2.8")
	if line := ansi.Strip(lineWith(t, m, "192.0.2.8  ")); !strings.HasPrefix(line, "  2Δ 192.0.2.8 ") || !strings.HasSuffix(line, strings.Repeat("·", 10)+strings.Repeat("▁", 20)) {
		t.Errorf("%q", line)
	}
	// Who answered before has a line of his own, and his own numbers.
	if f := strings.Fields(ansi.Strip(lineWith(t, m, "192.0.2.7  "))); f[0] != "192.0.2.7" || f[1] != "10" {
		t.Errorf("%q", f)
	}
	press(m, "up", "up", "up", "d")
	lineWith(t, m, "hop 2  192.0.2.8  20 of 30 answered, timed by kernel; other addresses here: 1")
}

// The detail has a histogram of the chosen hop, and the parts of its delay.
func TestDetail(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 30}} {
		m, _ := testModel(size[0], size[1])
		usual(m, 20)
		press(m, "d")
		lineWith(t, m, "hop 5  www.example.net (2001:db8::7)  20 of 20 answered, timed by kernel")
		if line := lineWith(t, m, "20.00 ms - "); !strings.Contains(line, "▇") || !strings.Contains(line, " 19") {
			t.Errorf("%q", line)
		}
		if line := ansi.Strip(lineWith(t, m, "network ")); !strings.Contains(line, "20.02 ms") || !strings.Contains(line, "▇▇▇▇▇▇▇▇▇▇▇▇") {
			t.Errorf("%q", line)
		}
		for _, part := range []string{"send call", "queue", "receive path", "wake-up"} {
			lineWith(t, m, part)
		}
	}
}

// What fails is told on the screen, until it succeeds.
func TestFault(t *testing.T) {
	m, _ := testModel(80, 24)
	usual(m, 2)
	m.Update(faultMsg{0, fmt.Errorf("interface eth0 went \x1b[2Jdown")})
	if line := lineWith(t, m, "failing"); strings.Contains(line, "[2J") != true || strings.Contains(line, "\x1b[2J") {
		t.Errorf("%q", line)
	}
	usual(m, 1)
	lineWith(t, m, "reached in 5 hops")
}

// A terminal of ASCII gets nothing else.
func TestASCII(t *testing.T) {
	m, _ := testModel(120, 40)
	m.glyphs = asciiGlyphs
	usual(m, 20)
	press(m, "up")
	m.Update(roundMsg{0, round(30, at{"192.0.2.8", time.Millisecond})})
	for _, line := range strings.Split(text(m), "\n") {
		for _, r := range line {
			if r > 127 && r != '\uFFFD' {
				t.Fatalf("%q in %q", r, line)
			}
		}
	}
}
