package clsact

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// What a killed run leaves is named, and the next run removes it.
func TestKilled(t *testing.T) {
	newHost(t)
	before := state(t)
	killed := start(t, "stay")
	checkLeftovers(t, 0)
	kill(killed)
	checkLeftovers(t, 3)
	r := attach(t)
	checkLeftovers(t, 0)
	r.check(t)
	must(t, r.Close())
	checkState(t, before)
}

// The discipline that a killed run has made stays where others use it, and where
// another run does.
func TestKilledBesideOthers(t *testing.T) {
	newHost(t)
	killed := start(t, "stay")
	living := attach(t)
	kill(killed)
	checkLeftovers(t, 2)
	living.check(t)
	addFilter(t, newU32(at(Egress, 7)))
	must(t, attach(t).Close())
	checkLeftovers(t, 0)
	living.check(t)
	must(t, living.Close())
	if found, err := list(netHandle(t), loopback); err != nil || found.foreign == 0 || found.mark != nil || len(found.own) != 0 {
		t.Errorf("left are %+v, error %v", found, err)
	}
}

// Sweep does as the next run would, and without one.
func TestSweep(t *testing.T) {
	newHost(t)
	before := state(t)
	must(t, Sweep(loopback))
	killed := start(t, "stay")
	living := attach(t)
	kill(killed)
	must(t, Sweep(loopback))
	checkLeftovers(t, 0)
	living.check(t)
	must(t, living.Close())
	kill(start(t, "stay"))
	must(t, Sweep(loopback))
	checkState(t, before)
}

// checkLeftovers checks how many filters of killed runs there are.
func checkLeftovers(t *testing.T, want int) {
	t.Helper()
	names, err := Leftovers(loopback)
	must(t, err)
	if len(names) != want || slices.ContainsFunc(names, func(s string) bool { return !strings.HasPrefix(s, prefix) }) {
		t.Errorf("left over is %q, and not %d filters", names, want)
	}
}

// A run may be killed at any moment, of attaching and detaching too.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	newHost(t)
	before := state(t)
	left := make(map[string]int)
	for range rounds() {
		kill(startAndWait(t))
		names, err := Leftovers(loopback)
		must(t, err)
		left[fmt.Sprint(len(names))]++
		must(t, attach(t).Close())
		checkState(t, before)
	}
	t.Logf("kills by the number of filters left: %v", left)
	if len(left) < 2 && !machinetest.Emulated() { // there it may be chance
		t.Error("all kills hit the same moment")
	}
}

// No kill takes anything from a run that lives.
func TestKilledBesideTheLiving(t *testing.T) {
	t.Parallel()
	newHost(t)
	before := state(t)
	living := attach(t)
	with := state(t)
	for range rounds() {
		kill(startAndWait(t))
		living.check(t)
		must(t, attach(t).Close())
		living.check(t)
		checkState(t, with)
	}
	must(t, living.Close())
	checkState(t, before)
}
