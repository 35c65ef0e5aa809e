package cli

import (
	"fmt"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/live"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
)

// chooseWay finds the rounds to show of a live run, and notes what there is beside them;
// nil for a trace.
func (o *showOptions) chooseWay(name string, r *record.Recording) (w *record.Way, err error) {
	if r.Rounds == nil {
		return nil, o.checkProtocol(name, r.Header.Protocol)
	}
	w = r.Rounds.Most()
	if o.protocol != "" {
		if w, err = r.Choose(o.protocol); err != nil {
			return nil, usage("%s %w", output.Safe(name), err)
		}
	}
	r.Header.Notes = append(r.Header.Notes, roundsNotes(r.Rounds, w)...)
	return w, nil
}

// checkProtocol refuses what asks for another protocol than the only one there is.
func (o *showOptions) checkProtocol(name, only string) error {
	if o.protocol == "" || o.protocol == only {
		return nil
	}
	return usage("%s is a trace by %s: leave --protocol out", output.Safe(name), output.Safe(only))
}

// roundsNotes says what a recording of rounds has besides those of a way, and what it lacks.
func roundsNotes(r *record.Rounds, shown *record.Way) (notes []string) {
	for i := range r.Ways {
		if w := &r.Ways[i]; w != shown && w.Record.Rounds > 0 {
			notes = append(notes, fmt.Sprintf("there are also %s by %s: see --protocol", output.Count(w.Record.Rounds, "round"), w.Header.Protocol))
		}
	}
	if r.LeftOut > 0 {
		notes = append(notes, fmt.Sprintf("the recording lacks the last %s, for which it had no room", output.Count(r.LeftOut, "round")))
	}
	if r.Cut {
		notes = append(notes, "the recording has no end, as of a run that was killed: names and the last round may be missing")
	}
	return notes
}

// replay writes a trace again, or the rounds of a live run as its report has them.
func replay(r *record.Recording, w *record.Way, f output.Format, stdout io.Writer) error {
	if w == nil || f.Name != "table" {
		return r.Play(f.New(stdout))
	}
	report := live.Report{
		Header: r.Header, Record: w.Record, Interval: r.Rounds.Interval, Verdicts: liveVerdicts(w.Record),
		Interrupted: r.Rounds.Interrupted, Err: r.Err,
	}
	return report.Write(stdout)
}
