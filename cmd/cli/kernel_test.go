package cli_test

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// attachments are the values of --attach that this kernel has.
func attachments(t *testing.T) []string {
	t.Helper()
	if newer(t, 6, 6) {
		return []string{"tcx", "clsact"}
	}
	return []string{"clsact"}
}

// best is the timing that --timing auto has to take for root on this kernel.
func best(t *testing.T) string {
	t.Helper()
	if newer(t, 6, 1) {
		return "kernel"
	}
	return "driver+tcx"
}

// needsTCX skips a test on a kernel that is older than tcx.
func needsTCX(t *testing.T) { t.Helper(); needsKernel(t, 6, 6, "tcx") }

// needsKernel skips a test on a kernel that is older than a feature.
func needsKernel(t *testing.T, major, minor int, feature string) {
	t.Helper()
	if !newer(t, major, minor) {
		t.Skipf("needs Linux %d.%d, for %s", major, minor, feature)
	}
}

// newer reports whether the kernel is of that version or a later one.
func newer(t *testing.T, major, minor int) bool {
	t.Helper()
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		t.Fatal(err)
	}
	var have, less int
	if _, err := fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &have, &less); err != nil {
		t.Fatal(err)
	}
	return have > major || have == major && less >= minor
}

// checkSource wants every sample timed by one pair of stamps; in an emulated
// machine, every one whose receive stamp was not dropped and counted.
func (d document) checkSource(t *testing.T, want string) {
	t.Helper()
	var others []string
	for _, hop := range d.Hops {
		for _, p := range hop.Probes {
			if p.Source != want {
				others = append(others, p.Source)
			}
		}
	}
	lacking := func(source string) bool { return want == "kernel" && source == "driver+tcx" }
	dropped := d.Counters["impossible_stamps"]
	if machinetest.Emulated() && len(others) <= dropped && !slices.ContainsFunc(others, func(s string) bool { return !lacking(s) }) {
		return
	}
	if len(others) > 0 || dropped > 0 {
		t.Errorf("samples timed by %q, want all by %s; %d stamps dropped", others, want, dropped)
	}
}

// uncounted are the counters that may be above zero where all is well.
func uncounted() []string {
	names := []string{"probes_stamped", "answers", "probes_sent", "probes_beyond_end"}
	if machinetest.Emulated() {
		names = append(names, "impossible_stamps")
	}
	return names
}
