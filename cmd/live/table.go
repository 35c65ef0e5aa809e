package live

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// table is what the lines of the table have in common.
type table struct {
	glyphs
	rows     []row
	unit     unit
	names    output.Names   // nil: addresses only
	origins  output.Origins // nil: none are wanted
	verdicts map[int]Verdict
	chosen   int // row that is chosen; -1: none
	now      time.Time

	widths []int // by column; 0: not shown
	host   int
}

// prefix is the width of the TTL with its marks.
const prefix = 5

// lines returns the heading and the rows.
func (t *table) lines() []string {
	all := []string{bold.Styled(t.heading())}
	for i, r := range t.rows {
		all = append(all, t.line(i, r))
	}
	return all
}

func (t *table) heading() string {
	var b strings.Builder
	b.WriteString(t.left("  #  Host", prefix+t.host))
	for i, c := range columns {
		switch w := t.widths[i]; {
		case w == 0:
		case c.stretch > 0:
			b.WriteString("  " + t.left(c.name, w-2))
		default:
			b.WriteString(right(c.name, w))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func (t *table) line(i int, r row) string {
	var b strings.Builder
	b.WriteString(t.who(i, r))
	for j, c := range columns {
		w := t.widths[j]
		switch {
		case w == 0:
		case c.name == "History":
			b.WriteString("  " + t.spark(r, w-2))
		case c.name == "Verdict":
			b.WriteString("  " + t.left(t.verdict(r), w-2))
		default:
			text, style := c.cell(t, r)
			if !r.first {
				style = faint
			}
			b.WriteString(blank(w-widthOf(text)) + style.Styled(text))
		}
	}
	return b.String()
}

// who is the TTL, marks, and the host.
func (t *table) who(i int, r row) string {
	ttl, mark, chosen := "  ", " ", " "
	if r.first {
		ttl = fmt.Sprintf("%2d", r.hop.TTL)
	}
	if !r.changed.IsZero() {
		mark = t.change
	}
	host, style := t.hostText(r)
	if i == t.chosen {
		return reversed.Styled(t.glyphs.chosen + ttl + mark + " " + t.left(host, t.host))
	}
	if t.now.Sub(r.changed) < fresh {
		mark = warn.Styled(mark)
	}
	return chosen + ttl + mark + " " + style.Styled(t.left(host, t.host))
}

// fresh is for how long a change of the path stands out.
const fresh = time.Minute

// hostText names who answers: with the address too where there is room.
func (t *table) hostText(r row) (string, ansi.Style) {
	if r.from == nil {
		if full := fmt.Sprintf("no answer up to hop %d", r.last); r.last > r.hop.TTL && widthOf(full) <= t.host {
			return full, faint
		}
		return "no answer", faint
	}
	style := plain
	if !r.first || r.hop.Gone(r.from) {
		style = faint
	}
	name, address := label(t.names, r.from.Addr)
	if name == "" {
		return address, style
	}
	if full := name + " (" + address + ")"; widthOf(full) <= t.host {
		return full, style
	}
	return name, style
}

func (t *table) spark(r row, width int) string {
	if r.from == nil {
		return t.history(r.hop.Recent, r.addr(), noTiming, width)
	}
	if r.timed == nil {
		return t.history(r.hop.Recent, r.addr(), noTiming, width)
	}
	return t.history(r.hop.Recent, r.addr(), r.timed.Timing, width)
}

// noTiming matches no sample.
var noTiming stamp.Timing

func (t *table) verdict(r row) string {
	if !r.first {
		return ""
	}
	return output.Safe(t.verdicts[r.hop.TTL].Word)
}
