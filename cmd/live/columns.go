package live

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// column is one of the table, beside TTL and host.
type column struct {
	name string
	// help says what it shows.
	help string
	// cell is a text and how it looks; not for the columns that stretch.
	cell func(t *table, r row) (string, ansi.Style)
	// stretch is the greatest width of a column that takes what is left.
	stretch int
}

// columns are in the order in which they are shown.
var columns = []column{
	{name: "AS", help: "autonomous system that the address is in, with -A", cell: systemCell},
	{name: "Loss", help: "probes nobody answered; coloured if hops beyond lose as many", cell: lossCell},
	{name: "Sent", help: "probes sent; of further addresses at a hop: probes answered", cell: sentCell},
	{name: "Last", help: "latest round-trip time", cell: lastCell},
	{name: "Best", help: "shortest", cell: timeCell(func(r row) time.Duration { return r.timed.RTT.Min() })},
	{name: "p50", help: "median; marked where most of the delay comes in", cell: medianCell},
	{name: "p99", help: "99 of 100 are no longer", cell: timeCell(func(r row) time.Duration { return r.timed.RTT.Quantile(0.99) })},
	{name: "Worst", help: "longest", cell: timeCell(func(r row) time.Duration { return r.timed.RTT.Max() })},
	{name: "Jitter", help: "by RFC 3550: mean difference of two in a row", cell: jitterCell},
	{name: "History", help: "latest probes, newest at the right, log scale; x: lost", stretch: 60},
	{name: "Verdict", help: "what the loss means", stretch: 40},
}

// byImportance has those first that narrow terminals show too.
var byImportance = []string{"Loss", "Last", "p50", "Verdict", "AS", "History", "p99", "Worst", "Jitter", "Best", "Sent"}

func columnIndex(name string) int {
	for i, c := range columns {
		if c.name == name {
			return i
		}
	}
	return -1
}

const (
	badLoss = 0.1
	// A time that exceeds the median by this factor, and by slow, stands out.
	high = 3
)

func lossCell(t *table, r row) (string, ansi.Style) {
	if !r.first {
		return "", plain
	}
	text := fmt.Sprintf("%.1f%%", 100*r.hop.Loss())
	if r.hop.Sent() == 0 {
		text = "-"
	}
	switch {
	case r.from == nil || r.real == 0:
		return text, faint
	case r.real >= badLoss:
		return text, bad
	}
	return text, warn
}

func sentCell(t *table, r row) (string, ansi.Style) {
	if r.first {
		return strconv.Itoa(r.hop.Sent()), plain
	}
	return strconv.Itoa(r.from.Answered), faint
}

func lastCell(t *table, r row) (string, ansi.Style) {
	if r.timed == nil {
		return untimed(r), faint
	}
	style := plain
	if over := r.timed.Last - r.median(); over >= slow && r.timed.Last >= high*r.median() {
		style = warn
	}
	return t.unit.text(r.timed.Last), style
}

// untimed tells an answer that no pair of stamps timed from none.
func untimed(r row) string {
	if r.from == nil {
		return ""
	}
	return "untimed"
}

func medianCell(t *table, r row) (string, ansi.Style) {
	if r.timed == nil {
		return "", plain
	}
	if r.jump {
		return t.unit.text(r.median()), warn
	}
	return t.unit.text(r.median()), bold
}

func timeCell(of func(row) time.Duration) func(*table, row) (string, ansi.Style) {
	return func(t *table, r row) (string, ansi.Style) {
		if r.timed == nil {
			return "", plain
		}
		return t.unit.text(of(r)), plain
	}
}

func jitterCell(t *table, r row) (string, ansi.Style) {
	if r.timed == nil {
		return "", plain
	}
	v, ok := r.timed.Jitter.Value()
	if !ok {
		return "-", faint
	}
	return t.unit.text(v), plain
}

// Columns returns the names of all columns.
func Columns() (names []string) {
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// Named returns the columns of those names, whatever their case; nil for none.
func Named(names []string) (found []string, err error) {
	for _, name := range names {
		i := slices.IndexFunc(columns, func(c column) bool { return strings.EqualFold(c.name, name) })
		if i < 0 {
			return nil, fmt.Errorf("no column %q: choose of %s", name, strings.ToLower(strings.Join(Columns(), ", ")))
		}
		found = append(found, columns[i].name)
	}
	return found, nil
}
