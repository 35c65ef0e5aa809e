package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/live"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// reportRounds is how many rounds a report has, unless it is told, as mtr(8)'s.
const reportRounds = 10

// make makes the rounds and writes the report.
func (o *liveOptions) make(ctx context.Context, w live.Way, keep *keeper, stdout, stderr io.Writer) error {
	f, err := o.formatted()
	if err != nil {
		return err
	}
	bar, stdout := newBar(stdout, stderr, o.host, cmp.Or(o.count, reportRounds))
	bar.rounds("tracing " + o.host)
	defer bar.finish()
	out := output.Async(f.New(stdout), f.Patience)
	var probes *stream
	if f.Name != "table" {
		if err := out.Start(w.Header); err != nil {
			return &exitError{ExitNotReached, err}
		}
		probes = &stream{to: out}
		w.Trace.OnProbe = probes.beside(w.Trace.OnProbe)
	}
	record, interrupted, err := o.measure(ctx, w, func(t *tracer.Trace) {
		keep.round(0, t) // its error comes back from watched
		probes.round(t)
	}, bar)
	bar.finish()
	chosen, cerr := live.Named(o.columns)
	err = errors.Join(err, cerr)
	if f.Name == "table" {
		lookUp(w.Header, record, f.Patience)
		report := live.Report{Header: w.Header, Record: record, Interval: time.Duration(o.interval), Columns: chosen, Interrupted: interrupted, Err: err, Verdicts: liveVerdicts(record)}
		err = errors.Join(err, report.Write(stdout))
	} else {
		err = errors.Join(err, finish(out, record.Trace(), err))
		aside(stderr, f, w.Header.Notes, record.Trace())
	}
	err = errors.Join(err, keep.watched([]live.Way{w}, []*rounds.Record{record}, interrupted, err))
	if err != nil || interrupted || !record.Ever {
		return &exitError{ExitNotReached, err}
	}
	return nil
}

// reportKeep is how many probes of each hop a table remembers, to say what losses mean.
// All else that it shows is counted as it comes.
const reportKeep = 10_000

// remembered is how many probes of each hop the rounds of a report remember; 0: all,
// where all are to be written.
func (o *liveOptions) remembered() int {
	if o.format == "table" && !o.json && o.report == "" {
		return reportKeep
	}
	return 0
}

// measure makes the rounds of a report.
func (o *liveOptions) measure(ctx context.Context, w live.Way, each func(*tracer.Trace), b *bar) (record *rounds.Record, interrupted bool, err error) {
	record = &rounds.Record{Keep: o.remembered()}
	watched, stop, err := w.Watch(ctx)
	if err != nil {
		return record, false, err
	}
	follower := rounds.Follower{Max: w.Trace.MaxTTL}
	interrupted, err = rounds.Run(watched, rounds.Config{
		Trace: w.Trace, Interval: time.Duration(o.interval), Count: cmp.Or(o.count, reportRounds), MaxTTL: follower.MaxTTL,
		OnRound: func(t *tracer.Trace) {
			record.Add(t)
			each(t)
			b.round(record.Rounds)
		},
	}, w.Sender, w.Source)
	if fault := stop(); fault != nil && (err != nil || interrupted) {
		return record, false, fault
	}
	return record, interrupted, err
}

// found is what finds out about addresses.
type found interface {
	Lookup(netip.Addr) <-chan struct{}
	Wait(time.Duration) bool
}

// lookUp finds names and networks of all that answered, and waits for them for a while.
func lookUp(h output.Header, r *rounds.Record, patience time.Duration) {
	var all []found
	for _, f := range []any{h.Names, h.Origins} {
		if f, ok := f.(found); ok {
			all = append(all, f)
		}
	}
	for _, f := range all {
		for _, h := range r.Hops() {
			for _, from := range h.Responders {
				f.Lookup(from.Addr)
			}
		}
	}
	for _, f := range all {
		f.Wait(patience)
	}
}
