package output

import (
	"time"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// colour is a parameter of SGR (ECMA-48, 8.3.117).
type colour string

const (
	faint  colour = "2"
	red    colour = "31"
	yellow colour = "33"
)

// paint colours a text where colours are wanted.
func (h Header) paint(c colour, text string) string {
	if !h.Colour || text == "" || c == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// Times stand out that exceed the best one of their hop threefold, and those of a hop
// whose best exceeds that of the hop before by half, by so much at least.
const (
	slowProbe = time.Millisecond
	slowHop   = 5 * time.Millisecond
)

// mark is the colour of a probe's time: yellow for a slow one.
func (t *table) mark(p tracer.Probe) colour {
	if p.Timing.Name == "" {
		return ""
	}
	if p.RTT > 3*t.best && p.RTT > t.best+slowProbe || t.jump {
		return yellow
	}
	return ""
}

// compare finds the best time of a hop, and holds it against that of the one before.
func (t *table) compare(h tracer.Hop) {
	before := t.best
	t.best, t.jump = 0, false
	for _, p := range h.Probes {
		if p.State.Heard() && p.Timing.Name != "" && (t.best == 0 || p.RTT < t.best) {
			t.best = p.RTT
		}
	}
	if t.best == 0 {
		t.best = before
		return
	}
	t.jump = before != 0 && t.best-before > max(slowHop, t.best/3)
}

// shorten cuts a name so that the whole has room, as long as something useful is left.
func shorten(name string, room int) string {
	const useful = 8
	if n := utf8.RuneCountInString(name); n <= room {
		return name
	}
	if room < useful {
		return ""
	}
	return string([]rune(name)[:room-1]) + "…"
}
