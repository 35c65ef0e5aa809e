package loader

import (
	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

var _ tracer.Departures = (*Session)(nil)

// Departure implements [tracer.Departures]. A probe whose slot a later one has been
// given is not kept any more.
func (s *Session) Departure(ident uint16) stamp.Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ring == nil {
		return stamp.Set{}
	}
	slots := s.objects.Probes
	var probe bpf.KernelProbe
	err := slots.Lookup(uint32(ident)&(slots.MaxEntries()-1), &probe)
	if err != nil || probe.Ident != ident || probe.EgressNs == 0 {
		return stamp.Set{} // as if it had not been seen
	}
	return stamp.Set{stamp.TCXEgress: stamp.Mono(probe.EgressNs), stamp.DriverStart: stamp.Mono(probe.DriverNs)}
}
