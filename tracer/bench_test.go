package tracer_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// mirror is a path on which every hop answers every UDP probe over IPv4 at once,
// all with the same packet. It costs next to nothing.
type mirror struct {
	answer []byte
	idents []uint16
	now    stamp.Mono
}

// Send reads the identifier where UDP probes have it, in the checksum.
func (m *mirror) Send(packet []byte) (stamp.Mono, error) {
	m.idents = append(m.idents, binary.BigEndian.Uint16(packet[26:]))
	m.now++
	return m.now, nil
}

func (m *mirror) Next(time.Time) (tracer.Answer, error) {
	if len(m.idents) == 0 {
		return tracer.Answer{}, os.ErrDeadlineExceeded
	}
	ident := m.idents[0]
	m.idents = append(m.idents[:0], m.idents[1:]...)
	stamps := stamp.Set{stamp.TCXEgress: m.now, stamp.TCXIngress: m.now + 1}
	return tracer.Answer{Ident: ident, Stamps: stamps, Packet: m.answer, Length: len(m.answer)}, nil
}

func (m *mirror) Counters() (tracer.Counters, error) { return tracer.Counters{}, nil }

// BenchmarkRun is what the engine alone costs: building probes, scheduling,
// reading answers, keeping books. There is no network and nothing to wait for.
func BenchmarkRun(b *testing.B) {
	for _, size := range []struct{ hops, queries int }{{30, 3}, {30, 100}, {255, 3}, {255, 100}} {
		b.Run(fmt.Sprintf("%dx%d", size.hops, size.queries), func(b *testing.B) {
			f := probe.Flow{
				Source: simtest.Client[false], Target: simtest.Client[false].Next(),
				SourcePort: 40000, TargetPort: 33434, Secret: 0xbeef,
			}
			cfg := tracer.Config{Flow: f, MaxTTL: size.hops, Queries: size.queries, Pace: 1}
			benchRun(b, cfg, &mirror{answer: simtest.RouterAnswer(b)})
		})
	}
}

func benchRun(b *testing.B, cfg tracer.Config, m *mirror) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		tr, err := tracer.Run(b.Context(), cfg, m, m)
		if err != nil || tr.Stop != tracer.StopMaxTTL || tr.Tally.Sent != cfg.MaxTTL*cfg.Queries {
			b.Fatalf("stopped with %v, %d sent, %v", tr.Stop, tr.Tally.Sent, err)
		}
	}
	runtime.ReadMemStats(&after)
	probes := float64(b.N * cfg.MaxTTL * cfg.Queries)
	b.ReportMetric(float64(b.Elapsed())/probes, "ns/probe")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/probes, "allocs/probe")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/probes, "B/probe")
}
