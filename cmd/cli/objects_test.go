package cli_test

import (
	"fmt"
	"slices"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// kernelObjects are what a process has put into the kernel, by id. Ids are not
// used again before all others have been (kernel: idr_alloc_cyclic).
type kernelObjects struct {
	programs []ebpf.ProgramID
	maps     []ebpf.MapID
	links    []link.ID
}

// loadedBy returns the programs that a user has loaded, their maps and their links.
func loadedBy(uid uint32) (found kernelObjects) {
	for id, err := ebpf.ProgramGetNextID(0); err == nil; id, err = ebpf.ProgramGetNextID(id) {
		if info := programInfo(id); info != nil && loaderOf(info) == uid {
			found.programs = append(found.programs, id)
			maps, _ := info.MapIDs()
			found.maps = append(found.maps, maps...)
		}
	}
	var all link.Iterator
	defer all.Close()
	for all.Next() {
		if info, err := all.Link.Info(); err == nil && slices.Contains(found.programs, info.Program) {
			found.links = append(found.links, all.ID)
		}
	}
	return found
}

// programInfo returns nil for a program that has gone meanwhile.
func programInfo(id ebpf.ProgramID) *ebpf.ProgramInfo {
	p, err := ebpf.NewProgramFromID(id)
	if err != nil {
		return nil
	}
	defer p.Close()
	info, err := p.Info()
	if err != nil {
		return nil
	}
	return info
}

func loaderOf(info *ebpf.ProgramInfo) uint32 {
	uid, _ := info.CreatedByUID()
	return uid
}

// left names those that are still there.
func (o kernelObjects) left() (names []string) {
	for _, id := range o.programs {
		if p, err := ebpf.NewProgramFromID(id); err == nil {
			names = append(names, fmt.Sprintf("program %d", id))
			p.Close()
		}
	}
	for _, id := range o.maps {
		if m, err := ebpf.NewMapFromID(id); err == nil {
			names = append(names, fmt.Sprintf("map %d", id))
			m.Close()
		}
	}
	for _, id := range o.links {
		if l, err := link.NewFromID(id); err == nil {
			names = append(names, fmt.Sprintf("link %d", id))
			l.Close()
		}
	}
	return names
}
