package tracer_test

import (
	"testing"
	"testing/synctest"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// knowing is a source that knows when each probe left.
type knowing struct{ *sim.Link }

func (knowing) Departure(ident uint16) stamp.Set {
	return stamp.Set{stamp.UserSend: 1, stamp.TCXEgress: stamp.Mono(ident) + 1}
}

// What is known of lost probes' leaving is entered, and what was known before stays.
func TestDepartures(t *testing.T) {
	for name, around := range map[string]func(tracer.Source) tracer.Source{
		"alone":  func(s tracer.Source) tracer.Source { return s },
		"merged": func(s tracer.Source) tracer.Source { return tracer.Merge(s, s) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simtest.Load(t, "silent_hop")
				cfg := tracer.Config{Flow: simtest.Flow(s, probe.UDP{}, false)}
				net := simtest.Link(s, 1, cfg.Flow)
				got, err := tracer.Run(t.Context(), cfg, net, around(knowing{net}))
				if err != nil {
					t.Fatal(err)
				}
				lost := 0
				for _, h := range got.Hops {
					for _, p := range h.Probes {
						if p.State != tracer.Lost {
							continue
						}
						lost++
						if p.Stamps[stamp.TCXEgress] != stamp.Mono(p.Ident)+1 || p.Stamps[stamp.UserSend] <= 1 {
							t.Errorf("hop %d: %v", h.TTL, p.Stamps)
						}
					}
				}
				if lost == 0 {
					t.Error("nothing was lost")
				}
			})
		})
	}
}
