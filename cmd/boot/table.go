package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// row is what one test told in one kernel, with the Attr of testing.T.
type row struct {
	kernel, test string
	values       map[string]string
}

// table gathers rows from the output of verbose tests in one kernel.
type table struct {
	kernel string
	to     io.Writer // gets all of the output
	line   []byte    // the last, as far as it came
	keys   []string  // in the order in which they came first
	rows   []*row
}

func (t *table) Write(b []byte) (int, error) {
	t.line = append(t.line, b...)
	for {
		line, rest, ok := bytes.Cut(t.line, []byte("\n"))
		if !ok {
			return t.to.Write(b)
		}
		t.add(string(line))
		t.line = rest
	}
}

// add takes a line like "=== ATTR  TestName key value".
func (t *table) add(line string) {
	said, ok := strings.CutPrefix(line, "=== ATTR  ")
	field := strings.SplitN(said, " ", 3)
	if !ok || len(field) != 3 {
		return
	}
	if !slices.Contains(t.keys, field[1]) {
		t.keys = append(t.keys, field[1])
	}
	t.row(field[0]).values[field[1]] = field[2]
}

// row returns the row of a test, a new one if there is none.
func (t *table) row(test string) *row {
	for _, r := range t.rows {
		if r.test == test {
			return r
		}
	}
	r := &row{t.kernel, test, make(map[string]string)}
	t.rows = append(t.rows, r)
	return r
}

// join adds the rows of another table.
func (t *table) join(other *table) {
	for _, key := range other.keys {
		if !slices.Contains(t.keys, key) {
			t.keys = append(t.keys, key)
		}
	}
	t.rows = append(t.rows, other.rows...)
}

// print writes the table in Markdown, and nothing if it is empty.
func (t *table) print(to io.Writer) error {
	if len(t.rows) == 0 {
		return nil
	}
	columns := append([]string{"kernel", "test"}, t.keys...)
	text := line(columns) + strings.Repeat("|---", len(columns)) + "|\n"
	for _, r := range t.rows {
		cells := []string{r.kernel, r.test}
		for _, key := range t.keys {
			cells = append(cells, r.values[key])
		}
		text += line(cells)
	}
	_, err := fmt.Fprint(to, "\n", text)
	return err
}

func line(cells []string) string {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}
