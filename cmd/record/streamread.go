package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// Rounds is what a Stream has kept.
type Rounds struct {
	Interval time.Duration
	Ways     []Way
	// Interrupted says that somebody ended the rounds.
	Interrupted bool
	// Cut says that the file has no end: the run was killed, or the disk was full.
	Cut bool
	// LeftOut is the number of rounds that were made and are not in the file.
	LeftOut int
}

// Way is what the rounds by one protocol found out, of which there may be none.
type Way struct {
	Header output.Header
	Record *rounds.Record
}

// Choose has Header and Trace be those of the way with this protocol, and returns it.
// The error says which ones there are.
func (r *Recording) Choose(protocol string) (*Way, error) {
	had := ""
	for i := range r.Rounds.Ways {
		w := &r.Rounds.Ways[i]
		if w.Record.Empty() {
			continue
		}
		if w.Header.Protocol == protocol {
			r.Header, r.Trace = w.Header, w.Record.Trace()
			return w, nil
		}
		had += fmt.Sprintf(", %s (%s)", w.Header.Protocol, output.Count(w.Record.Rounds, "round"))
	}
	return nil, fmt.Errorf("has no round by %s%s", output.Safe(protocol), had)
}

// Most returns the way with the most rounds; of none, the first.
func (r *Rounds) Most() *Way {
	most := &r.Ways[0]
	for i := range r.Ways {
		if w := &r.Ways[i]; most.Record.Empty() || w.Record.Rounds > most.Record.Rounds {
			most = w
		}
	}
	return most
}

// streamFile is what has been read of a file of rounds.
type streamFile struct {
	Rounds
	program string
	first   []time.Time // start of the first round, by way
	taken   int
	size    int64 // of the documents, in bytes
	leftOut int   // answers
	end     *ending
}

// openStream reads the first document; nil if it is that of something else.
func openStream(text []byte) (*streamFile, error) {
	var b beginning
	if json.Unmarshal(text, &b) != nil || b.Format != StreamFormat {
		return nil, nil
	}
	f := &streamFile{program: b.Program, first: make([]time.Time, len(b.Ways))}
	f.Interval = b.Interval
	for _, h := range b.Ways {
		if _, err := probe.ByName(h.Protocol); err != nil {
			return nil, fmt.Errorf("is damaged: %w", err)
		}
		f.Ways = append(f.Ways, Way{h.decode(), &rounds.Record{}})
	}
	if len(f.Ways) == 0 {
		return nil, errBroken
	}
	return f, nil
}

func (f *streamFile) over() bool { return f != nil && f.end != nil }

// any reports whether there are rounds, so that a file without an end is of use.
func (f *streamFile) any() bool { return f != nil && f.taken > 0 }

// take reads a document, with the packets in front of it.
func (f *streamFile) take(text []byte, answers map[int][]byte, packets int) error {
	if f.size += int64(len(text)); f.size > maxStream {
		return errors.New("is too large: it has more than 256 MiB of rounds")
	}
	var d streamDocument
	if err := json.Unmarshal(text, &d); err != nil {
		return fmt.Errorf("is damaged: %s", output.Safe(err.Error()))
	}
	switch {
	case d.End != nil:
		return f.takeEnd(d.End)
	case d.Round != nil:
		return f.takeRound(d.Round, answers, packets)
	}
	return errBroken
}

func (f *streamFile) takeRound(r *roundJSON, answers map[int][]byte, packets int) error {
	if r.Way < 0 || r.Way >= len(f.Ways) {
		return fmt.Errorf("is damaged: it has no way %d", r.Way)
	}
	if r.Trace.Protocol != f.Ways[r.Way].Header.Protocol {
		return fmt.Errorf("is damaged: a round by %s is not of its way", output.Safe(r.Trace.Protocol))
	}
	if r.Packets != packets {
		return fmt.Errorf("was changed: a round has %d packets of %d", packets, r.Packets)
	}
	t, err := r.Trace.decode(answers)
	if err != nil {
		return err
	}
	if t.Reached() && len(t.Hops) == 0 {
		return errBroken
	}
	if f.first[r.Way].IsZero() {
		f.first[r.Way] = t.Started
	}
	t.Started = f.first[r.Way].Add(r.Since)
	f.Ways[r.Way].Record.Add(t)
	f.leftOut += r.LeftOut
	f.taken++
	return nil
}

func (f *streamFile) takeEnd(e *ending) error {
	if e.Rounds != f.taken {
		return fmt.Errorf("was changed: it has %d rounds of %d", f.taken, e.Rounds)
	}
	if len(e.Names) != len(f.Ways) || len(e.Origins) != len(f.Ways) {
		return errBroken
	}
	f.end = e
	for i := range f.Ways {
		h := &f.Ways[i].Header
		if e.Names[i] != nil {
			h.Names = book(e.Names[i])
		}
		if e.Origins[i] != nil {
			h.Origins = register(e.Origins[i])
		}
	}
	return nil
}

func (f *streamFile) recording() *Recording {
	if f.end == nil {
		f.Cut = true
	} else {
		f.Interrupted, f.LeftOut = f.end.Interrupted, f.end.LeftOut
	}
	w := f.Most()
	r := &Recording{Program: output.Safe(f.program), Header: w.Header, Trace: w.Record.Trace(), LeftOut: f.leftOut, Rounds: &f.Rounds}
	if f.end != nil {
		r.Err = failure(f.end.Error)
	}
	return r
}
