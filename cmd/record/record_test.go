package record_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// What is read is what was written: the JSON to the byte, and all that a trace has
// beside, quotes and packets as sent included.
func TestRoundTrip(t *testing.T) {
	everywhere(t, func(t *testing.T, r run) {
		got := read(t, r.file)
		if shown := write(t, "json", got.Play); shown != r.shown {
			t.Errorf("got\n%s\nwant\n%s", shown, r.shown)
		}
		if got, want := plain(got.Trace), plain(r.trace); !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v\nwant\n%+v", got, want)
		}
		h := got.Header
		h.Names, r.header.Names, h.Started, r.header.Started = nil, nil, wall(h.Started), wall(r.header.Started)
		if !reflect.DeepEqual(h, r.header) {
			t.Errorf("got\n%+v\nwant\n%+v", h, r.header)
		}
	})
}

// plain takes out what no file can hold: monotonic clocks, places, types of errors.
func plain(t *tracer.Trace) tracer.Trace {
	p := *t
	p.Started, p.Hops = wall(p.Started), nil
	for _, h := range t.Hops {
		h.Probes = append([]tracer.Probe(nil), h.Probes...)
		for i := range h.Probes {
			q := &h.Probes[i]
			q.SentAt = wall(q.SentAt)
			if q.Err != nil {
				q.Err = errors.New(q.Err.Error())
			}
		}
		p.Hops = append(p.Hops, h)
	}
	return p
}

func wall(t time.Time) time.Time { return t.Round(0).UTC() }

// Every format can be had again.
func TestPlay(t *testing.T) {
	r := traced(t, "lossy", probe.UDP{}, false)
	for _, f := range output.Formats {
		want := write(t, f.Name, func(w output.Writer) error { return playback(w, r) })
		if got := write(t, f.Name, read(t, r.file).Play); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", f.Name, got, want)
		}
	}
}

func playback(w output.Writer, r run) error {
	w.Start(r.header)
	for _, h := range r.trace.Hops {
		for _, p := range h.Probes {
			if w, ok := w.(output.Prober); ok {
				w.Probe(p)
			}
		}
		w.Hop(h)
	}
	return w.End(r.trace, r.err)
}

// A field that a header, trace or probe gets has to be thought of here as well: it is
// in the file, or follows from what is.
func TestNoFieldIsForgotten(t *testing.T) {
	for _, tt := range []struct {
		of   any
		want int
	}{{output.Header{}, 21}, {tracer.Trace{}, 12}, {tracer.Round{}, 2}, {tracer.Hop{}, 2}, {tracer.Probe{}, 14}} {
		if got := reflect.TypeOf(tt.of).NumField(); got != tt.want {
			t.Errorf("%T has %d fields, and %d are recorded: see document.go", tt.of, got, tt.want)
		}
	}
}
