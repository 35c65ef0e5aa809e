package loader

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/loader/clsact"
)

// places are where an interface meets the stack. Clsact has its own names for them.
var places = []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress}

var parents = map[ebpf.AttachType]clsact.Hook{
	ebpf.AttachTCXIngress: clsact.Ingress, ebpf.AttachTCXEgress: clsact.Egress,
}

// attached returns the programs at one place, in the order in which they run.
func attached(t *testing.T, index int, hooks Hooks, where ebpf.AttachType) (ids []ebpf.ProgramID) {
	t.Helper()
	if hooks == Clsact {
		return attachedClsact(t, index, where)
	}
	result, err := link.QueryPrograms(link.QueryOptions{Target: index, Attach: where})
	must(t, err)
	for _, p := range result.Programs {
		ids = append(ids, p.ID)
	}
	return ids
}

func attachedClsact(t *testing.T, index int, where ebpf.AttachType) (ids []ebpf.ProgramID) {
	t.Helper()
	all, err := netlink.FilterList(device(index), uint32(parents[where]))
	must(t, err)
	for _, f := range all {
		chain := f.Attrs().Chain
		if bpf, ok := f.(*netlink.BpfFilter); ok && (chain == nil || *chain == 0) {
			ids = append(ids, ebpf.ProgramID(bpf.Id))
		}
	}
	return ids
}

func device(index int) netlink.Link {
	return &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}
}

// checkOurs checks how many programs of ours hang on the near end.
func checkOurs(t *testing.T, n *network, ingress, egress int) {
	t.Helper()
	checkOursAt(t, n.index, n.hooks, ingress, egress)
}

func checkOursAt(t *testing.T, index int, hooks Hooks, ingress, egress int) {
	t.Helper()
	for i, want := range []int{ingress, egress} {
		if got := awaitOurs(t, index, hooks, places[i], want); got != want {
			t.Errorf("interface %d has %d programs of ours at %v by %s, not %d", index, got, places[i], hooks, want)
		}
	}
}

// awaitOurs returns how many there are, at the latest when there are as many as
// wanted: a link stays a little longer where some other process is about to list it.
func awaitOurs(t *testing.T, index int, hooks Hooks, where ebpf.AttachType, want int) int {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		ids := attached(t, index, hooks, where)
		ids = slices.DeleteFunc(ids, func(id ebpf.ProgramID) bool { return !isOurs(t, id) })
		if len(ids) == want || time.Now().After(deadline) {
			return len(ids)
		}
	}
}

func isOurs(t *testing.T, id ebpf.ProgramID) bool {
	t.Helper()
	p, err := ebpf.NewProgramFromID(id)
	if errors.Is(err, os.ErrNotExist) {
		return false // gone meanwhile
	}
	must(t, err)
	defer p.Close()
	info, err := p.Info()
	must(t, err)
	return info.Name == "stamp_probe" || info.Name == "stamp_answer"
}

// disciplines describes the queueing disciplines of an interface, and their filters.
func disciplines(t *testing.T, index int) (all []string) {
	t.Helper()
	found, err := netlink.QdiscList(device(index))
	must(t, err)
	for _, q := range found {
		all = append(all, fmt.Sprintf("%s at %x", q.Type(), q.Attrs().Parent))
	}
	for _, where := range places {
		filters, err := netlink.FilterList(device(index), uint32(parents[where]))
		must(t, err)
		for _, f := range filters {
			all = append(all, fmt.Sprintf("%s at %v, preference %d", f.Type(), where, f.Attrs().Priority))
		}
	}
	return all
}

func checkSame(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, not %q", what, got, want)
	}
}
