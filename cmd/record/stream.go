package record

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gopacket/gopacket/pcapgo"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// maxStream bounds the file of a Stream, in bytes, so that it can be read again: some
// six hours of a path of 15 hops, a round a second.
var maxStream int64 = 256 << 20 // tests have less

// ErrFull is what Stream.Round returns once the file has no more room.
var ErrFull = errors.New("the recording has reached 256 MiB: later rounds are not in it")

// Stream writes rounds to a file as they are made, by several ways to measure one path,
// so that memory does not grow with them. A nil Stream writes nothing. Of its methods,
// those that the rounds call are for the goroutine that makes them.
type Stream struct {
	out      counted
	program  string
	interval time.Duration
	ways     []output.Header
	names    []*told // by way

	ng      *pcapgo.NgWriter // nil before the first round
	current *Recorder        // of the round under way
	offset  int64            // from CLOCK_MONOTONIC to the wall clock
	started []time.Time      // of the first round, by way
	end     ending
	err     error // the first
}

// NewStream returns a Stream that writes to w, with nothing before the first round.
// The ways are as Round counts them; of one that can't be taken, a header with nothing
// but the protocol.
func NewStream(w io.Writer, program string, interval time.Duration, ways []output.Header) *Stream {
	return &Stream{
		out: counted{w: w}, program: program, interval: interval, ways: ways,
		names: make([]*told, len(ways)), current: New(), started: make([]time.Time, len(ways)),
		end: ending{Names: make([]namesJSON, len(ways)), Origins: make([]originsJSON, len(ways))},
	}
}

// Names returns names that say what n does, and keeps what they say of a way.
func (s *Stream) Names(way int, n output.Names) output.Names {
	if s == nil || n == nil {
		return n
	}
	s.names[way] = tell(n)
	return s.names[way]
}

// Source returns a source that gives what src does, and keeps it.
func (s *Stream) Source(src tracer.Source) tracer.Source {
	if s == nil || src == nil {
		return src
	}
	return &tap{src, func(a tracer.Answer) { s.current.keep(a) }}
}

// Probe takes what tracer.Config.OnProbe tells, as Recorder.Probe does.
func (s *Stream) Probe(p tracer.Probe) {
	if s != nil {
		s.current.Probe(p)
	}
}

// Round writes a round that a way made. Once it has failed, which is told each time, it
// only counts.
func (s *Stream) Round(way int, t *tracer.Trace) error {
	if s == nil {
		return nil
	}
	r := s.current
	s.current = New()
	if s.err == nil {
		s.err = s.write(way, r, t)
	}
	if s.err != nil {
		s.end.LeftOut++
	} else {
		s.end.Rounds++
	}
	return s.err
}

func (s *Stream) write(way int, r *Recorder, t *tracer.Trace) error {
	if s.out.written >= maxStream {
		return ErrFull
	}
	if err := s.begin(); err != nil {
		return err
	}
	if s.offset == 0 {
		s.offset = offset(r.order)
	}
	if s.started[way].IsZero() {
		s.started[way] = t.Started
	}
	c := r.capture(s.offset)
	for _, p := range c.packets {
		if err := p.write(s.ng, c.wall(p.at), t); err != nil {
			return err
		}
	}
	if err := s.ng.Flush(); err != nil {
		return err
	}
	return s.custom(streamDocument{Round: &roundJSON{
		Way: way, Packets: len(c.packets), LeftOut: r.leftOut,
		Since: t.Started.Sub(s.started[way]), Trace: encodeTrace(t, c),
	}})
}

// End writes what is known at the end: the names that were told, the networks of those
// that answered, by way, and what ended the rounds. It returns what went wrong, if
// anything did, with how much that cost. Without a round it writes nothing.
func (s *Stream) End(records []*rounds.Record, interrupted bool, failed error) error {
	if s == nil || s.end.Rounds+s.end.LeftOut == 0 {
		return nil
	}
	s.end.Interrupted, s.end.Error = interrupted, text(failed)
	for i, h := range s.ways {
		s.end.Names[i] = s.names[i].all()
		if h.Origins != nil {
			s.end.Origins[i] = networks(h.Origins, records[i].Trace())
		}
	}
	if s.err == nil || errors.Is(s.err, ErrFull) {
		s.err = errors.Join(s.err, s.custom(streamDocument{End: &s.end}))
	}
	if s.err != nil {
		return fmt.Errorf("%w (%s of %d lost)", s.err, output.Count(s.end.LeftOut, "round"), s.end.Rounds+s.end.LeftOut)
	}
	return nil
}
