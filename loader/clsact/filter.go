package clsact

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Hook is where on an interface packets pass.
type Hook uint32

// The hooks of the discipline (linux/pkt_sched.h).
const (
	Ingress Hook = netlink.HANDLE_MIN_INGRESS
	Egress  Hook = netlink.HANDLE_MIN_EGRESS
)

// hooks are both, in the order to attach in: an answer must not come before it can
// be seen.
var hooks = [...]Hook{Ingress, Egress}

// firstPreferences are tried in turn: the lowest comes first, and can only be
// shared with filters of the kind bpf (kernel: tcf_chain_tp_find).
const firstPreferences = 8

// add attaches a program in front of all other filters that it can be in front
// of. Of those with one preference, the kernel runs the latest first (cls_bpf_change).
func add(h *netlink.Handle, index int, hook Hook, name string, program int) error {
	f := newFilter(index, hook, name, program)
	var err error
	for f.Priority = 1; f.Priority <= firstPreferences; f.Priority++ {
		f.Handle = 1 + rand.Uint32N(1<<31-2)
		if err = h.FilterAdd(f); !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.EEXIST) {
			return err
		}
	}
	return fmt.Errorf("filters of other kinds have preferences 1 to %d, so that none is left in front: %w",
		firstPreferences, err)
}

func newFilter(index int, hook Hook, name string, program int) *netlink.BpfFilter {
	return &netlink.BpfFilter{
		FilterAttrs: netlink.FilterAttrs{
			LinkIndex: index, Parent: uint32(hook), Protocol: unix.ETH_P_ALL,
		},
		Fd: program, Name: name, DirectAction: true,
	}
}

// filters is what hangs on the discipline of one interface.
type filters struct {
	own     []*netlink.BpfFilter // of any run of ours, but for the mark
	mark    *netlink.BpfFilter
	foreign int
}

// list returns the filters of both hooks; none where there is no discipline.
func list(h *netlink.Handle, index int) (found filters, err error) {
	link := &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}
	for _, hook := range hooks {
		all, err := h.FilterList(link, uint32(hook))
		if err != nil {
			return filters{}, err
		}
		for _, f := range all {
			found.sort(f)
		}
	}
	return found, nil
}

func (found *filters) sort(f netlink.Filter) {
	own, ok := f.(*netlink.BpfFilter)
	switch {
	case !ok || !strings.HasPrefix(own.Name, prefix):
		found.foreign++
	case own.Name == mark:
		found.mark = own
	default:
		found.own = append(found.own, own)
	}
}

// named returns the filters of a run.
func (found *filters) named(name string) (same []*netlink.BpfFilter) {
	for _, f := range found.own {
		if f.Name == name {
			same = append(same, f)
		}
	}
	return same
}

// remove removes one filter, and nothing else of its preference.
func remove(h *netlink.Handle, f *netlink.BpfFilter) error {
	f.Fd = -1
	if err := h.FilterDel(f); err != nil && !errors.Is(err, unix.ENOENT) {
		return err
	}
	return nil
}
