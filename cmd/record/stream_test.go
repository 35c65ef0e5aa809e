package record_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// watched is a run of rounds by several ways that was recorded.
type watched struct {
	ways    []output.Header
	records []*rounds.Record
	stream  *record.Stream
	lacks   error // what the last Round said
}

// watch makes rounds through a simulated network, in virtual time: as many as there are
// numbers, by these ways. The last is interrupted if the flag says so.
func watch(t *testing.T, scenario string, out io.Writer, interrupted bool, ways ...int) (w watched) {
	t.Helper()
	s, err := sim.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w.ways = []output.Header{header("udp"), {Protocol: "icmp"}, header("tcp")}
		w.stream = record.NewStream(out, "v9", time.Second, w.ways)
		var configs []rounds.Config
		var nets []*sim.Link
		for i, h := range w.ways {
			w.ways[i].Names = w.stream.Names(i, h.Names)
			w.records = append(w.records, &rounds.Record{})
			p, _ := probe.ByName(h.Protocol)
			f := probe.Flow{Source: client[false], Target: s.TargetAddr(false), SourcePort: 45000 + uint16(i), TargetPort: p.DefaultPort(), Secret: 0xbeef}
			nets = append(nets, sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: f.Secret, SourcePort: f.SourcePort}))
			configs = append(configs, rounds.Config{Count: 1, Trace: tracer.Config{Flow: f, Protocol: p, MaxTTL: 12, OnProbe: w.stream.Probe}})
		}
		for n, way := range ways {
			c := configs[way]
			c.OnRound = func(tr *tracer.Trace) {
				if interrupted && n == len(ways)-1 {
					tr.Stop = tracer.StopInterrupted
				}
				w.records[way].Add(tr)
				w.lacks = w.stream.Round(way, tr)
				configs[way].Trace.FirstIdent = tr.NextIdent
			}
			if _, err := rounds.Run(t.Context(), c, nets[way], w.stream.Source(nets[way])); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
		}
	})
	return w
}

func header(protocol string) output.Header {
	return output.Header{
		Target: "target", Address: client[false], Source: client[false], Interface: "eth0", Protocol: protocol, Port: 33434,
		MaxTTL: 12, Size: 60, Timing: "kernel", Rung: "eBPF", Notes: []string{"a note of " + protocol}, Stamps: true, Names: names{},
	}
}

// json is the document of a way's rounds.
func json(t *testing.T, h output.Header, r *rounds.Record) string {
	return write(t, "json", func(w output.Writer) error { w.Start(h); return w.End(r.Trace(), nil) })
}

// What is read of rounds is what was written, of each way: its document to the byte, and
// when the path changed. What there is most of is what is shown.
func TestStream(t *testing.T) {
	for _, scenario := range []string{"clean", "lossy", "change_later", "late", "duplicates", "silent_target", "mpls"} {
		t.Run(scenario, func(t *testing.T) {
			var file bytes.Buffer
			ways := []int{0, 0, 0, 2}
			for range 30 {
				ways = append(ways, 0)
			}
			w := watch(t, scenario, &file, true, append(ways, 2, 0)...)
			var want []string
			for i := range w.ways {
				want = append(want, json(t, w.ways[i], w.records[i]))
			}
			if err := w.stream.End(w.records, true, errors.New("the end")); err != nil {
				t.Fatal(err)
			}
			got := read(t, file.Bytes())
			if r := got.Rounds; r.Cut || !r.Interrupted || r.LeftOut != 0 || r.Interval != time.Second || len(r.Ways) != 3 || got.Err.Error() != "the end" {
				t.Errorf("%+v, %v", r, got.Err)
			}
			for i, way := range got.Rounds.Ways {
				r := w.records[i]
				if way.Record.Rounds != r.Rounds || way.Record.Tally != r.Tally || !reflect.DeepEqual(changes(way.Record), changes(r)) {
					t.Errorf("way %d: %d rounds, changes %v; want %d, %v", i, way.Record.Rounds, changes(way.Record), r.Rounds, changes(r))
				}
				if shown := json(t, way.Header, way.Record); !r.Empty() && shown != want[i] {
					t.Errorf("way %d: got\n%s\nwant\n%s", i, shown, want[i])
				}
			}
			if got.Header.Protocol != "udp" || len(got.Trace.Hops[0].Probes) != 34 {
				t.Errorf("shown are %d rounds by %s", len(got.Trace.Hops[0].Probes), got.Header.Protocol)
			}
			if way, err := got.Choose("tcp"); err != nil || way.Record.Rounds != 2 || got.Header.Protocol != "tcp" || got.Trace.Protocol != "tcp" {
				t.Errorf("%v, %v", way, err)
			}
			if _, err := got.Choose("icmp"); err == nil || !strings.Contains(err.Error(), "no round by icmp, udp (33 rounds), tcp (2 rounds)") {
				t.Errorf("of a way without rounds: %v", err)
			}
		})
	}
}

func changes(r *rounds.Record) (all []rounds.Change) {
	for _, c := range r.Changes {
		c.At = wall(c.At)
		all = append(all, c)
	}
	return all
}

// A file that ends early has the rounds up to there, and says that it is cut.
func TestStreamCut(t *testing.T) {
	var file bytes.Buffer
	w := watch(t, "clean", &file, false, 0, 0, 0)
	whole := file.Bytes()
	if got := read(t, whole); !got.Rounds.Cut || got.Rounds.Ways[0].Record.Rounds != 3 {
		t.Errorf("without an end: %+v", got.Rounds)
	}
	for _, cut := range []int{1, 100, 2000, len(whole) / 3} {
		if got := read(t, whole[:len(whole)-cut]); !got.Rounds.Cut || got.Rounds.Ways[0].Record.Rounds >= 3 || got.Rounds.Ways[0].Record.Empty() {
			t.Errorf("without %d bytes: %+v", cut, got.Rounds.Ways[0].Record)
		}
	}
	if _, err := record.Read(bytes.NewReader(whole[:600])); err == nil {
		t.Error("a file without a round can be read")
	}
	if err := w.stream.End(w.records, false, nil); err != nil {
		t.Fatal(err)
	}
	if got := read(t, file.Bytes()); got.Rounds.Cut {
		t.Error("cut, with its end")
	}
	changed := bytes.Replace(file.Bytes(), []byte(`"rounds":3`), []byte(`"rounds":4`), 1)
	if _, err := record.Read(bytes.NewReader(changed)); err == nil || !strings.Contains(err.Error(), "was changed") {
		t.Errorf("with a round less than it should have: %v", err)
	}
}

// A stream that is full, or can't be written, says so, counts what it lacks, and keeps
// what there was room for.
func TestStreamFull(t *testing.T) {
	defer record.SetMost(20_000)()
	var file bytes.Buffer
	w := watch(t, "clean", &file, false, make([]int, 20)...)
	err := w.stream.End(w.records, false, nil)
	got := read(t, file.Bytes())
	if !errors.Is(w.lacks, record.ErrFull) || !errors.Is(err, record.ErrFull) {
		t.Errorf("round: %v; end: %v", w.lacks, err)
	}
	if n := got.Rounds.Ways[0].Record.Rounds; got.Rounds.LeftOut == 0 || got.Rounds.LeftOut+n != 20 || n == 0 || got.Rounds.Cut {
		t.Errorf("%d rounds, and %d left out", n, got.Rounds.LeftOut)
	}
	w = watch(t, "clean", &small{room: 10_000}, false, make([]int, 20)...)
	if err := w.stream.End(w.records, false, nil); !errors.Is(err, errNoRoom) || !errors.Is(w.lacks, errNoRoom) || !strings.Contains(err.Error(), "rounds of 20 lost") {
		t.Errorf("round: %v; end: %v", w.lacks, err)
	}
}

var errNoRoom = errors.New("no space left on device")

// small is a disk.
type small struct{ room int }

func (s *small) Write(b []byte) (int, error) {
	if s.room -= len(b); s.room < 0 {
		return 0, errNoRoom
	}
	return len(b), nil
}

// No stream is needed where nothing is kept.
func TestNoStream(t *testing.T) {
	var s *record.Stream
	s.Probe(tracer.Probe{})
	if err := errors.Join(s.Round(0, nil), s.End(nil, false, nil)); err != nil || s.Names(0, names{}) != (names{}) || s.Source(nil) != nil {
		t.Error(err)
	}
}
