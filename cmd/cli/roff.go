package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// roff writes a page in man(7).
type roff struct{ strings.Builder }

// line writes a line of roff, with what is filled in escaped already.
func (m *roff) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *roff) section(title string) { m.line(".SH %s", escaped(title)) }

// paragraph begins one, which a section's first line does by itself.
func (m *roff) paragraph() {
	text := strings.TrimSuffix(m.String(), "\n")
	if last := text[strings.LastIndex(text, "\n")+1:]; !strings.HasPrefix(last, ".S") {
		m.line(".PP")
	}
}

// text writes paragraphs, that an empty line is between.
func (m *roff) text(text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			m.paragraph()
		}
		for line := range strings.SplitSeq(paragraph, "\n") {
			m.line("%s", escaped(strings.TrimSpace(line)))
		}
	}
}

// verbatim writes lines as they are.
func (m *roff) verbatim(text string) {
	m.paragraph()
	m.line(".nf")
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		m.line("%s", escaped(strings.TrimPrefix(line, "  ")))
	}
	m.line(".fi")
}

// choices writes what a flag may be, a line each of a word and what it means.
func (m *roff) choices(list string) {
	if list == "" {
		return
	}
	m.line(".RS")
	for line := range strings.Lines(list) {
		word, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
		m.line(".TP\n.B %s\n%s", escaped(word), escaped(strings.TrimSpace(meaning)))
	}
	m.line(".RE")
}

// escaped keeps roff from reading more into a text than it says: dashes are to be
// copied as such, and no line begins with a request (groff(7)).
func escaped(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "~", `\(ti`, "^", `\(ha`, "`", `\(ga`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

// kind is what a flag takes; empty if that is nothing.
func kind(f *pflag.Flag) string {
	if f.Value.Type() == "bool" {
		return ""
	}
	return f.Value.Type()
}
