package live

import "math"

const (
	leastTime    = 5 // columns of a time, so that they seldom widen
	leastStretch = 9 // of a history or verdict, the gap included
	leastHost    = 13
	mostHost     = 28 // the host's part while other columns want room too
	longestHost  = 80
	history      = 24 // what is seen of it before long names are seen in full
)

// layout gives each column of a table its width: the host a part, without the addresses
// of names, then the columns that fit, by importance, then what is left to host and
// history.
func (t *table) layout(width int, shown func(column) bool) {
	least, wanted := t.hostWidth(0), t.hostWidth(math.MaxInt)
	t.widths = make([]int, len(columns))
	t.host = min(least, max(leastHost, min(width/3, mostHost)))
	left := width - prefix - t.host
	for _, name := range byImportance {
		i := columnIndex(name)
		if w := t.columnWidth(columns[i]); shown(columns[i]) && w <= left {
			t.widths[i] = w
			left -= w
		}
	}
	left = t.stretch(left, history)
	grow := max(0, min(left, wanted-t.host))
	t.host += grow
	t.stretch(left-grow, longestHost)
}

// stretch shares out what is left among the columns that take it, up to a width each,
// and returns what is still left.
func (t *table) stretch(left, most int) int {
	for i, c := range columns {
		if t.widths[i] > 0 && c.stretch > 0 {
			more := max(0, min(left, min(c.stretch, most)-t.widths[i]))
			t.widths[i] += more
			left -= more
		}
	}
	return left
}

// columnWidth is what a column takes, with the gap before it.
func (t *table) columnWidth(c column) int {
	if c.stretch > 0 {
		return leastStretch
	}
	w := max(len(c.name), leastTime)
	if c.name == "Loss" || c.name == "Sent" {
		w = 5
	}
	for _, r := range t.rows {
		text, _ := c.cell(t, r)
		w = max(w, widthOf(text))
	}
	return w + 1
}

// hostWidth is what the longest host takes, where there is so much room.
func (t *table) hostWidth(room int) int {
	w := leastHost
	t.host = room
	for _, r := range t.rows {
		text, _ := t.hostText(r)
		w = max(w, widthOf(text))
	}
	return min(w, longestHost)
}
