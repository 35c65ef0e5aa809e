package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// The columns of the text: status, name, what was found.
const (
	nameColumn   = 10
	foundColumn  = 28
	detailColumn = nameColumn + 6
	leastWidth   = 60
)

// WriteText writes a line for each check, and under it what it costs and how to
// mend it. Lines are wrapped at a width in characters, commands so that they can
// still be pasted. The error is one of w.
func (r *Report) WriteText(w io.Writer, width int) error {
	t := &text{width: max(width, leastWidth)}
	fmt.Fprintf(t, "ebpftrace doctor, %s\n\n", r.subject())
	for _, result := range r.Results {
		t.result(result)
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (r *Report) subject() string {
	if r.Interface == nil {
		return "no interface"
	}
	return fmt.Sprintf("%s (%s)", output.Safe(r.Interface.Name), output.Safe(r.Interface.By))
}

// text is the report for people, written all at once.
type text struct {
	bytes.Buffer
	width int
}

func (t *text) result(r Result) {
	head := fmt.Sprintf("%-*s%-*s", nameColumn, r.Status, foundColumn-nameColumn, strings.ReplaceAll(r.Name, "_", " "))
	t.wrap(head, r.Found, "")
	for _, detail := range []struct{ name, text, joint string }{
		{"cost", r.Cost, ""}, {"mend", r.Mend, ` \`}, {"note", r.Note, ""},
	} {
		if detail.text != "" {
			t.wrap(fmt.Sprintf("%*s%-*s", nameColumn, "", detailColumn-nameColumn, detail.name), detail.text, detail.joint)
		}
	}
}

// wrap writes words behind a head, and the lines after the first below them. A
// joint ends each line but the last.
func (t *text) wrap(head, words, joint string) {
	indent := utf8.RuneCountInString(head)
	if joint != "" && strings.ContainsAny(words, `'"`) {
		words, joint = output.Safe(words), "" // a quoted word must not be broken
		fmt.Fprintf(t, "%s%s\n", head, words)
		return
	}
	lines := split(output.Safe(words), t.width-indent-utf8.RuneCountInString(joint))
	for i, l := range lines {
		end := joint
		if i == len(lines)-1 {
			end = ""
		}
		fmt.Fprintf(t, "%s%s%s\n", head, l, end)
		head = strings.Repeat(" ", indent)
	}
}

// split divides text between words into lines of a width; a longer word has a line
// of its own.
func split(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
