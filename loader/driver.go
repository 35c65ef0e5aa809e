package loader

import (
	"fmt"
	"io"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/bpf"
)

// attachDriver has probes stamped when a driver is handed them. The tracepoint
// fires for every packet of the host; one that is none of ours costs a few
// nanoseconds. The link goes away with its last file descriptor, like those of tcx.
func (s *Session) attachDriver(o Options) (io.Closer, error) {
	if err := CheckCapabilities(cap.PERFMON); err != nil {
		return nil, err
	}
	programs, err := s.loadDriver(o)
	if err != nil {
		return nil, err
	}
	defer programs.Close() // the link holds what it needs
	l, err := link.AttachTracing(link.TracingOptions{Program: programs.StampDriver})
	if err != nil {
		return nil, denied("attach to the tracepoint net_dev_start_xmit", err)
	}
	return l, nil
}

// loadDriver loads the driver's program onto the maps of the others.
func (s *Session) loadDriver(o Options) (*bpf.DriverPrograms, error) {
	spec, err := configureDriver(o)
	if err != nil {
		return nil, fmt.Errorf("configure the driver's program: %w", err)
	}
	programs := new(bpf.DriverPrograms)
	err = spec.LoadAndAssign(programs, &ebpf.CollectionOptions{MapReplacements: map[string]*ebpf.Map{
		bpf.DriverMapProbes:   s.objects.Probes,
		bpf.DriverMapArmed:    s.objects.Armed,
		bpf.DriverMapCounters: s.objects.Counters,
	}})
	if err != nil {
		err = unsupported("BTF of its own types, or tracing programs", "5.5", err)
		return nil, denied("load the driver's program", err)
	}
	return programs, nil
}

// configureDriver sets what the driver's program leaves to the loader.
func configureDriver(o Options) (*ebpf.CollectionSpec, error) {
	spec, err := bpf.LoadDriver()
	if err != nil {
		return nil, err
	}
	var specs bpf.DriverSpecs
	if err := spec.Assign(&specs); err != nil {
		return nil, err
	}
	specs.Probes.MaxEntries, specs.Armed.MaxEntries = o.Slots, o.Slots
	return spec, specs.Cfg.Set(o.config())
}
