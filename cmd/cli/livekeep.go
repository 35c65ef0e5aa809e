package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/live"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// watch has the rounds by all ways written to the file of --save as they are made.
func (k *keeper) watch(ways []live.Way, interval time.Duration) {
	k.recorder = nil
	if k.recording == nil {
		return
	}
	var headers []output.Header
	for _, w := range ways {
		headers = append(headers, w.Header)
	}
	k.stream = record.NewStream(&fresh{File: k.recording}, version, interval, headers)
	for i := range ways {
		w := &ways[i]
		w.Header.Names = k.stream.Names(i, w.Header.Names)
		w.Source, w.Trace.OnProbe = k.stream.Source(w.Source), k.stream.Probe
	}
}

// round takes a round. The error says that the file lacks it.
func (k *keeper) round(way int, t *tracer.Trace) error {
	if err := k.stream.Round(way, t); err != nil {
		return fmt.Errorf("--save: %w", err)
	}
	return nil
}

// watched ends the recording, and writes the page of the way with the most rounds, if
// there were any.
func (k *keeper) watched(ways []live.Way, records []*rounds.Record, interrupted bool, failed error) error {
	err := k.stream.End(records, interrupted, failed)
	if k.stream != nil {
		err = errors.Join(err, k.recording.Close())
	}
	if err != nil {
		err = fmt.Errorf("--save: %w", err)
	}
	most := -1
	for i, r := range records {
		if r.Rounds > 0 && (most < 0 || r.Rounds > records[most].Rounds) {
			most = i
		}
	}
	if most < 0 {
		return err
	}
	return errors.Join(err, overwrite("--report", k.page, func(w io.Writer) error {
		return report.WriteTrace(w, ways[most].Header, records[most].Trace(), failed)
	}))
}

// fresh is a file that loses what it held when the first byte is written.
type fresh struct {
	*os.File
	begun bool
}

func (f *fresh) Write(b []byte) (int, error) {
	if !f.begun {
		f.begun = true
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if err := f.Truncate(0); err != nil {
				return 0, err
			}
		}
	}
	return f.File.Write(b)
}
