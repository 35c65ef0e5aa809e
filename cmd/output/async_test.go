package output

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/names"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// resolver answers for an address after a delay, or not at all.
type resolver map[string]reply

type reply struct {
	after time.Duration
	name  string
}

func (r resolver) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	a, ok := r[addr]
	if !ok {
		return nil, errors.New("no such host")
	}
	select {
	case <-time.After(a.after):
		return []string{a.name}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

const never = time.Hour

// diary notes when each line was written.
type diary struct {
	start time.Time
	lines []string
}

func (d *diary) Write(p []byte) (int, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(strings.Join(strings.Fields(string(p)), " ")), " 1.00 ms")
	d.lines = append(d.lines, fmt.Sprintf("%v: %s", time.Since(d.start), first))
	return len(p), nil
}

// begin starts a table behind Async with a patience of 500 ms.
func begin(t *testing.T, r resolver) (*diary, Writer) {
	t.Helper()
	d := &diary{start: time.Now()}
	w := Async(newTable(d), 500*ms)
	h := header4
	h.Names = names.New(t.Context(), r, names.Limits{Timeout: never})
	if err := w.Start(h); err != nil {
		t.Fatal(err)
	}
	d.lines = nil
	return d, w
}

func hopOf(ttl int, addr string) tracer.Hop { return at(ttl, heard(addr, ms)) }

func TestAsyncHolds(t *testing.T) {
	tests := []struct {
		name     string
		resolver resolver
		want     []string // a line for each of two hops, shown at 0 and 100 ms
	}{
		{"failing", nil, []string{"0s: 1 10.0.0.1", "100ms: 2 10.0.0.2"}},
		{"quick", resolver{"10.0.0.1": {10 * ms, "a."}, "10.0.0.2": {20 * ms, "b."}},
			[]string{"10ms: 1 a (10.0.0.1)", "120ms: 2 b (10.0.0.2)"}},
		{"first slow", resolver{"10.0.0.1": {400 * ms, "a."}, "10.0.0.2": {20 * ms, "b."}},
			[]string{"400ms: 1 a (10.0.0.1)", "400ms: 2 b (10.0.0.2)"}},
		{"too slow", resolver{"10.0.0.1": {501 * ms, "a."}, "10.0.0.2": {499 * ms, "b."}},
			[]string{"500ms: 1 10.0.0.1", "599ms: 2 b (10.0.0.2)"}},
		{"dead", resolver{"10.0.0.1": {never, "a."}, "10.0.0.2": {never, "b."}},
			[]string{"500ms: 1 10.0.0.1", "600ms: 2 10.0.0.2"}},
		{"hostile", resolver{"10.0.0.1": {10 * ms, "\x1b[2Jx y\u202e."}},
			[]string{"10ms: 1 \ufffd[2Jx\ufffdy\ufffd (10.0.0.1)", "100ms: 2 10.0.0.2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, w := begin(t, tt.resolver)
				one, two := hopOf(1, "10.0.0.1"), hopOf(2, "10.0.0.2")
				w.Hop(one)
				time.Sleep(100 * ms)
				w.Hop(two)
				if took := time.Since(d.start); took != 100*ms {
					t.Errorf("the trace was held up for %v", took-100*ms)
				}
				time.Sleep(time.Second)
				synctest.Wait()
				if !slices.Equal(d.lines, tt.want) {
					t.Errorf("got  %q\nwant %q", d.lines, tt.want)
				}
				w.End(trace(tracer.StopReached, ms, one, two), nil)
			})
		})
	}
}

// TestAsyncEnd checks how long a dead resolver can hold up the end.
func TestAsyncEnd(t *testing.T) {
	for _, tt := range []struct {
		stop tracer.StopReason
		want time.Duration
	}{
		{tracer.StopReached, 500 * ms},
		{tracer.StopInterrupted, 0},
	} {
		t.Run(tt.stop.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dead := resolver{}
				var hops []tracer.Hop
				for ttl := 1; ttl <= 255; ttl++ {
					addr := fmt.Sprintf("10.0.0.%d", ttl)
					hops = append(hops, hopOf(ttl, addr))
					dead[addr] = reply{never, ""}
				}
				d, w := begin(t, dead)
				for _, h := range hops[:254] {
					w.Hop(h)
				}
				if err := w.End(trace(tt.stop, ms, hops...), nil); err != nil {
					t.Error(err)
				}
				if took := time.Since(d.start); took != tt.want {
					t.Errorf("End returned after %v, want %v", took, tt.want)
				}
				if len(d.lines) < 256 || !strings.HasSuffix(d.lines[254], "255 10.0.0.255") {
					t.Errorf("%d lines, the last %q", len(d.lines), d.lines[len(d.lines)-1])
				}
			})
		})
	}
}

// stuck is a terminal that takes nothing until it is let go.
type stuck struct{ free chan struct{} }

func (s *stuck) Start(Header) error             { return nil }
func (s *stuck) Hop(tracer.Hop) error           { <-s.free; return errBroken }
func (s *stuck) End(*tracer.Trace, error) error { return nil }

func TestAsyncNeverHoldsTheTraceUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stuck{free: make(chan struct{})}
		w := Async(s, time.Second)
		w.Start(header4)
		start := time.Now()
		for ttl := range 255 {
			w.Hop(hopOf(ttl+1, "10.0.0.1"))
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("hops took %v", took)
		}
		time.AfterFunc(time.Minute, func() { close(s.free) })
		if err := w.End(trace(tracer.StopReached, ms), nil); !errors.Is(err, errBroken) {
			t.Errorf("End returned %v", err)
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("End left lines behind after %v", took)
		}
	})
}

// TestAsyncTellsErrors checks that a trace nobody reads can be ended early.
func TestAsyncTellsErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Async(newTable(&broken{good: 2}), time.Second)
		if err := w.Start(header4); err != nil {
			t.Fatal(err)
		}
		w.Hop(hopOf(1, "10.0.0.1"))
		synctest.Wait()
		if err := w.Hop(hopOf(2, "10.0.0.2")); !errors.Is(err, errBroken) {
			t.Errorf("second Hop: %v", err)
		}
		if err := w.End(nil, nil); !errors.Is(err, errBroken) {
			t.Errorf("End: %v", err)
		}
	})
	if err := Async(newTable(&broken{}), 0).Start(header4); !errors.Is(err, errBroken) {
		t.Errorf("Start: %v", err)
	}
}

// TestAsyncLateName checks that a document takes a name that came while the
// trace went on.
func TestAsyncLateName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		w := Async(newJSON(&out), 2*time.Second)
		h := header4
		h.Names = names.New(t.Context(), resolver{"10.0.0.1": {1900 * ms, "a."}}, names.Limits{})
		w.Start(h)
		w.End(trace(tracer.StopReached, ms, hopOf(1, "10.0.0.1")), nil)
		if !strings.Contains(out.String(), `"name": "a"`) {
			t.Errorf("no name in %s", out.String())
		}
	})
}

// Names are looked up from the first answer on, not from the end of the hop.
func TestLookupBeginsWithAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, w := begin(t, resolver{"192.0.2.1": {100 * ms, "one.example"}})
		prober := w.(ProbeWriter)
		if err := prober.Probe(heard("192.0.2.1", ms)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * ms)
		hop := at(1, heard("192.0.2.1", ms))
		if err := w.End(trace(tracer.StopInterrupted, 9*ms, hop), nil); err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(d.lines, "\n"); !strings.Contains(text, "one.example (192.0.2.1)") {
			t.Errorf("no name after an interruption, though it was known:\n%s", text)
		}
	})
}
