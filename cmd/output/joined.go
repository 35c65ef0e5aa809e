package output

import (
	"bytes"
	"io"
)

// Joiner writes the traces of several targets, one after another, into one output
// that is as the format would have it.
type Joiner interface {
	// Next begins the output of the next trace.
	Next() error
	// Write takes whole lines of it.
	io.Writer
	// Close writes what was held back.
	Close() error
}

// joiners lists the formats that need more than to be written one after another: JSON
// documents need no more (RFC 8259 allows whitespace around a text, and jq and others
// read one after another).
var joiners = map[string]func(io.Writer) Joiner{
	"table":      newSpaced,
	"markdown":   newSpaced,
	"traceroute": newSpaced,
	"csv":        newHeadOnce,
	"prometheus": newFamilies,
}

// Join returns a Joiner for the format.
func (f Format) Join(w io.Writer) Joiner {
	if join := joiners[f.Name]; join != nil {
		return join(w)
	}
	return follows{w}
}

// follows writes one after another.
type follows struct{ io.Writer }

func (follows) Next() error  { return nil }
func (follows) Close() error { return nil }

// spaced puts an empty line between traces that wrote anything.
type spaced struct {
	follows
	written, gap bool
}

func newSpaced(w io.Writer) Joiner { return &spaced{follows: follows{w}} }

func (s *spaced) Next() error {
	s.gap = s.written
	return nil
}

func (s *spaced) Write(p []byte) (int, error) {
	if s.gap && len(p) > 0 {
		if _, err := io.WriteString(s.Writer, "\n"); err != nil {
			return 0, err
		}
	}
	s.gap, s.written = false, s.written || len(p) > 0
	return s.Writer.Write(p)
}

// headOnce leaves out the first line of all but the first trace: its columns' names.
type headOnce struct {
	follows
	seen, drop bool
}

func newHeadOnce(w io.Writer) Joiner { return &headOnce{follows: follows{w}} }

func (h *headOnce) Next() error {
	h.drop = h.seen
	return nil
}

func (h *headOnce) Write(p []byte) (int, error) {
	rest := p
	if h.drop && len(p) > 0 {
		_, rest, _ = bytes.Cut(p, []byte("\n"))
		h.drop = false
	}
	h.seen = h.seen || len(p) > 0
	if _, err := h.Writer.Write(rest); err != nil {
		return 0, err
	}
	return len(p), nil
}
