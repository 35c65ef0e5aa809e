package loader

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

// newer reports whether the running kernel is of that version, such as "6.6", or
// of a later one.
func newer(t *testing.T, version string) bool {
	t.Helper()
	var name unix.Utsname
	must(t, unix.Uname(&name))
	return number(t, unix.ByteSliceToString(name.Release[:])) >= number(t, version)
}

// number makes versions comparable; what stands behind the second part is left out.
func number(t *testing.T, version string) int {
	t.Helper()
	var major, minor int
	_, err := fmt.Sscanf(version, "%d.%d", &major, &minor)
	must(t, err)
	return major<<16 | minor
}

// needs skips the test where the kernel is older than what it is about. Where it
// is not, the test runs, and fails if the kernel lacks it nevertheless.
func needs(t *testing.T, version, what string) {
	t.Helper()
	if !newer(t, version) {
		t.Skipf("needs Linux %s, for %s", version, what)
	}
}

// bestTiming is the timing that Refined has to give root on this kernel. The driver's
// stamp needs Linux 5.5, and the programs 5.8.
func bestTiming(t *testing.T) string {
	t.Helper()
	if newer(t, "6.1") {
		return "kernel"
	}
	return "driver+tcx"
}

// eachHooks runs a test for each way to attach, in a network of its own.
func eachHooks(t *testing.T, test func(*testing.T, *network)) {
	for _, hooks := range []Hooks{TCX, Clsact} {
		t.Run(string(hooks), func(t *testing.T) {
			if hooks == TCX {
				needs(t, "6.6", "tcx")
			}
			n := newNetwork(t)
			n.hooks = hooks
			test(t, n)
		})
	}
}
