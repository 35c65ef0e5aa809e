package output

import (
	"bytes"
	"io"
)

// families holds the metrics of all traces back until the end, for a family's samples
// have to stand together, under one HELP and one TYPE (Prometheus' text format 0.0.4).
type families struct {
	w     io.Writer
	order []string
	lines map[string]*bytes.Buffer // by the family's name
	name  string                   // of the family that comes in
}

func newFamilies(w io.Writer) Joiner { return &families{w: w, lines: make(map[string]*bytes.Buffer)} }

func (f *families) Next() error { return nil }

func (f *families) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		f.line(line)
	}
	return len(p), nil
}

// line takes a comment of a family that is new, and each sample.
func (f *families) line(line []byte) {
	if line[0] != '#' {
		f.lines[f.name].Write(line)
		return
	}
	words := bytes.SplitN(line, []byte(" "), 4) // # HELP name text
	name := string(bytes.TrimSpace(words[2]))
	family, known := f.lines[name]
	if !known {
		family = new(bytes.Buffer)
		f.lines[name], f.order = family, append(f.order, name)
	}
	if f.name = name; !known || string(words[1]) == "TYPE" && bytes.Count(family.Bytes(), []byte("\n")) == 1 {
		family.Write(line)
	}
}

func (f *families) Close() error {
	for _, name := range f.order {
		if _, err := f.lines[name].WriteTo(f.w); err != nil {
			return err
		}
	}
	return nil
}
