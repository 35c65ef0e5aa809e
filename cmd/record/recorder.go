package record

import (
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Bounds on what is kept of answers, lest a flood of copies be hoarded. They are
// counted from there on.
const (
	maxAnswers = 100_000
	maxBytes   = 64 << 20
)

// Recorder keeps the packets of one run until they are written. A nil Recorder
// keeps nothing. Source and Probe are for the goroutine that traces.
type Recorder struct {
	probes  map[uint16]*sent // by identifier
	order   []*sent
	answers []answer
	bytes   int
	leftOut int
	names   *told
}

// sent is a probe as it was last heard of.
type sent struct {
	tracer.Probe
	answer int // what it was answered with, an index; -1: nothing that was kept
}

// answer is a packet that came in.
type answer struct {
	tracer.Answer
	probe *sent // whose first answer it is; nil: none's
}

// New returns a Recorder.
func New() *Recorder { return &Recorder{probes: map[uint16]*sent{}} }

// LeftOut is the number of answers for which there was no room.
func (r *Recorder) LeftOut() int { return r.leftOut }

// Source returns a source that gives what s does, and keeps it.
func (r *Recorder) Source(s tracer.Source) tracer.Source {
	if r == nil {
		return s
	}
	return &tap{s, r.keep}
}

// Probe takes what tracer.Config.OnProbe tells, before anybody else asks the source
// for an answer: a probe that is heard was heard by the last one.
func (r *Recorder) Probe(p tracer.Probe) {
	if r == nil {
		return
	}
	s := r.probes[p.Ident]
	if s == nil {
		s = &sent{answer: -1}
		r.probes[p.Ident] = s
		r.order = append(r.order, s)
	}
	s.Probe = p
	if last := len(r.answers) - 1; p.State.Heard() && p.Duplicates == 0 && last >= 0 {
		s.answer, r.answers[last].probe = last, s
	}
}

// tap is a source that is recorded.
type tap struct {
	tracer.Source
	keep func(tracer.Answer)
}

func (t *tap) Next(deadline time.Time) (tracer.Answer, error) {
	a, err := t.Source.Next(deadline)
	if err == nil {
		t.keep(a)
	}
	return a, err
}

// keep copies an answer: its source will use the memory again. A copy of what was
// answered is left out when there are too many; a first answer never is, of which
// there are no more than probes.
func (r *Recorder) keep(a tracer.Answer) {
	full := len(r.answers) >= maxAnswers || r.bytes+len(a.Packet) > maxBytes
	if s := r.probes[a.Ident]; full && (s == nil || s.State.Heard()) {
		r.leftOut++
		return
	}
	a.Packet = slices.Clone(a.Packet)
	r.bytes += len(a.Packet)
	r.answers = append(r.answers, answer{Answer: a})
}
