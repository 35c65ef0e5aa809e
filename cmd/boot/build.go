package main

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
	"github.com/ebpftrace/ebpftrace/cmd/boot/tool"
)

// programs is where programs are in the machine.
const programs = "/bin"

// addPrograms builds the programs, each of which gets its directory's name.
func (o *options) addPrograms(ctx context.Context, m *machine.Options, scratch string) error {
	for i, pkg := range o.programs {
		dir, err := filepath.Abs(pkg)
		if err != nil {
			return err
		}
		file := filepath.Join(scratch, "program"+strconv.Itoa(i))
		if err := machine.Build(ctx, o.cache.Arch, file, pkg); err != nil {
			return err
		}
		m.Files = append(m.Files, machine.File{Guest: path.Join(programs, filepath.Base(dir)), Host: file})
	}
	return nil
}

// addTools brings programs of this host along, to where busybox would have its
// own of that name. A shell comes with them, for that of busybox runs its own
// tools whatever is in PATH.
func (o *options) addTools(m *machine.Options) error {
	names := o.tools
	if len(names) > 0 {
		names = append(slices.Clone(names), "sh")
	}
	for _, name := range names {
		all, err := tool.Find(name)
		if err != nil {
			return err
		}
		for _, t := range all {
			m.Files = append(m.Files, machine.File{Guest: path.Join(programs, t.Name), Host: t.Path})
			for _, library := range t.Libraries {
				m.Files = append(m.Files, machine.File{Guest: library, Host: library})
			}
		}
	}
	return nil
}

func (o *options) addBusybox(ctx context.Context, m *machine.Options) error {
	if !o.busybox {
		return nil
	}
	busybox, err := o.cache.Busybox(ctx)
	m.Files = append(m.Files, machine.File{Guest: guest.Busybox, Host: busybox})
	return err
}
