package loader

import (
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
)

// objects are what a session holds in the kernel.
type objects struct {
	programs []ebpf.ProgramID
	maps     []ebpf.MapID
}

// objects returns those of the near end's only session, found as the kernel lists
// them: the programs at the interface, the driver's, and their maps.
func (n *network) objects(t *testing.T) (o objects) {
	t.Helper()
	for _, where := range places {
		for _, id := range attached(t, n.index, n.hooks, where) {
			o.add(id, mapsOf(t, id))
		}
	}
	for _, id := range tracing(t) {
		maps := mapsOf(t, id)
		if slices.ContainsFunc(maps, func(m ebpf.MapID) bool { return slices.Contains(o.maps, m) }) {
			o.add(id, maps)
		}
	}
	return o
}

func (o *objects) add(program ebpf.ProgramID, maps []ebpf.MapID) {
	o.programs = append(o.programs, program)
	for _, m := range maps {
		if !slices.Contains(o.maps, m) {
			o.maps = append(o.maps, m)
		}
	}
}

// tracing returns the programs that hang on tracepoints and the like, whosever. A
// link that goes meanwhile ends the list with EAGAIN (kernel: bpf_link_by_id): then
// it begins anew.
func tracing(t *testing.T) (ids []ebpf.ProgramID) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		ids, err := listTracing()
		if err == nil {
			return ids
		}
		if !errors.Is(err, unix.EAGAIN) || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func listTracing() (ids []ebpf.ProgramID, err error) {
	var links link.Iterator
	defer links.Close()
	for links.Next() {
		info, err := links.Link.Info()
		if err != nil {
			return nil, err
		}
		if info.Type == link.TracingType || info.Type == link.RawTracepointType {
			ids = append(ids, info.Program)
		}
	}
	return ids, links.Err()
}

// mapsOf returns the maps of a program, none if it is gone.
func mapsOf(t *testing.T, id ebpf.ProgramID) []ebpf.MapID {
	t.Helper()
	program, err := ebpf.NewProgramFromID(id)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	must(t, err)
	defer program.Close()
	info, err := program.Info()
	must(t, err)
	maps, _ := info.MapIDs()
	return maps
}

// checkFreed checks that nothing is left. The kernel frees some of it late.
func (o objects) checkFreed(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); o.exist(t); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("some of programs %v and maps %v are still there", o.programs, o.maps)
			return
		}
	}
}

// exist reports whether any of them does.
func (o objects) exist(t *testing.T) bool {
	t.Helper()
	for _, id := range o.programs {
		if p, err := ebpf.NewProgramFromID(id); !errors.Is(err, os.ErrNotExist) {
			must(t, err)
			p.Close()
			return true
		}
	}
	for _, id := range o.maps {
		if m, err := ebpf.NewMapFromID(id); !errors.Is(err, os.ErrNotExist) {
			must(t, err)
			m.Close()
			return true
		}
	}
	return false
}
