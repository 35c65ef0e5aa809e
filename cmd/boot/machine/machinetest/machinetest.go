// Package machinetest lets tests boot machines where they can be had.
package machinetest

import (
	"os"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// Kernel returns the kernel of a series, downloaded if need be. Without an
// emulator it skips the test, and fails it where CI is set.
func Kernel(t *testing.T, series string) debian.Kernel {
	t.Helper()
	return KernelFor(t, machine.DefaultArch, series)
}

// KernelFor is Kernel for another architecture.
func KernelFor(t *testing.T, arch, series string) debian.Kernel {
	t.Helper()
	if err := machine.Check(arch); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir, err := debian.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	kernel, err := debian.Cache{Dir: dir, Arch: arch}.Kernel(t.Context(), series)
	if err != nil {
		t.Fatal(err)
	}
	return kernel
}
