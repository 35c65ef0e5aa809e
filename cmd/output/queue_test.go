package output

import (
	"slices"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

func TestQueueIsToldWhereItIsLong(t *testing.T) {
	const us = time.Microsecond
	for _, tt := range []struct {
		name   string
		timing string
		held   []time.Duration // 0: not stamped by the driver
		want   string
	}{
		{"short", "kernel", []time.Duration{3 * us, 900 * us, 999 * us}, ""},
		{"one of many", "kernel", []time.Duration{3 * us, 4 * us, 9999 * us}, ""},
		{"one, and long", "kernel", []time.Duration{3 * us, 4 * us, 10 * ms},
			"this host's own queue held probes for 4.0 µs (median), 10.00 ms at most; no round-trip time includes that (--stamps: of each)"},
		{"all of them", "driver+tcx", []time.Duration{2 * ms, ms, 3 * ms},
			"this host's own queue held probes for 2.00 ms (median), 3.00 ms at most; no round-trip time includes that (--stamps: of each)"},
		{"in the times", "tcx", []time.Duration{20 * ms, 30 * ms}, ""},
		{"unknown", "kernel", []time.Duration{0, 0}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			for _, line := range queueLines(Header{}, heldFor(t, tt.timing, tt.held)) {
				got += line
			}
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// heldFor makes a trace of probes that waited so long in the queue.
func heldFor(t *testing.T, timing string, held []time.Duration) *tracer.Trace {
	t.Helper()
	which := slices.IndexFunc(stamp.Timings, func(p stamp.Timing) bool { return p.Name == timing })
	var probes []tracer.Probe
	for i, d := range held {
		p := heard("192.0.2.1", ms)
		p.Timing, p.Stamps = stamp.Timings[which], stamp.Set{stamp.TCXEgress: stamp.Mono(1 + i)}
		if d > 0 {
			p.Stamps[stamp.DriverStart] = p.Stamps[stamp.TCXEgress] + stamp.Mono(d)
		}
		probes = append(probes, p)
	}
	return &tracer.Trace{Hops: []tracer.Hop{at(1, probes...)}}
}
