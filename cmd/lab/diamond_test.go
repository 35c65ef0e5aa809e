package lab_test

import (
	"slices"
	"testing"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// Each hop of a diamond answers from an address of one of its ways, and the ways are as
// long as they were asked to be.
func TestDiamond(t *testing.T) {
	needRoot(t)
	d, err := lab.Diamond(t.Context(), lab.DiamondOptions{Branches: []int{1, 3}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	target, _ := d.Node(lab.Target)
	for _, v6 := range []bool{false, true} {
		to := target.V4
		if v6 {
			to = target.V6
		}
		ways := [][]string{}
		for i, length := range []int{5, 7} {
			var way []string
			for _, a := range d.Way(i, v6) {
				way = append(way, a.String())
			}
			if len(way) != length || way[length-1] != to.String() {
				t.Fatalf("way %v, want %d hops to %v", way, length, to)
			}
			ways = append(ways, way)
		}
		for ttl := 1; ttl < 5; ttl++ {
			from, kind, err := answerTo(d.Lab, to, ttl)
			if err != nil || kind != ipv4.ICMPTypeTimeExceeded && kind != ipv6.ICMPTypeTimeExceeded {
				t.Fatalf("hop %d: %v from %v, %v", ttl, kind, from, err)
			}
			if !slices.ContainsFunc(ways, func(way []string) bool { return way[ttl-1] == from.String() }) {
				t.Errorf("hop %d: %v answers, want one of %v", ttl, from, ways)
			}
		}
	}
}

func TestDiamondRefusals(t *testing.T) {
	for _, branches := range [][]int{nil, {0}, {1, -1}, slices.Repeat([]int{1}, lab.MaxBranches+1), {lab.MaxBranches + 1}} {
		if d, err := lab.Diamond(t.Context(), lab.DiamondOptions{Branches: branches}); err == nil {
			d.Close()
			t.Errorf("%v: no error", branches)
		}
	}
}
