package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/loader/clsact"
)

// Filter is a filter of clsact, or of the discipline in its place.
type Filter struct {
	Hook, Kind, Name string
	Preference       uint16
	Protocol         uint16 // ETH_P_*
	Handle, Chain    uint32
}

func (x Filter) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", x.Kind, x.Name)) + fmt.Sprintf(" pref %d", x.Preference)
}

// own reports whether it is a run's of ours; see package clsact.
func (x Filter) own() bool { return strings.HasPrefix(x.Name, "ebpftrace:") }

// hooks are those of clsact, in the order in which they are told.
var hooks = []struct {
	name string
	hook clsact.Hook
}{{"ingress", clsact.Ingress}, {"egress", clsact.Egress}}

func lookFilters(h host) ([]Filter, error) {
	d, err := h.known.Device.Get()
	if err != nil || d.Qdisc == "" {
		return nil, err
	}
	return filtersOf(d.Index)
}

func filtersOf(index int) (all []Filter, err error) {
	device := &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}
	for _, at := range hooks {
		list, err := netlink.FilterList(device, uint32(at.hook))
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			all = append(all, newFilter(at.name, f))
		}
	}
	return all, nil
}

func newFilter(hook string, f netlink.Filter) Filter {
	a := f.Attrs()
	x := Filter{Hook: hook, Kind: f.Type(), Preference: a.Priority, Protocol: a.Protocol, Handle: a.Handle}
	if a.Chain != nil {
		x.Chain = *a.Chain
	}
	if b, ok := f.(*netlink.BpfFilter); ok {
		x.Name = b.Name
	}
	return x
}

// ahead returns the filters of a hook that packets would meet before one of ours:
// those of a lower preference. Ours takes the lowest that is free, or that it can
// share.
func ahead(all []Filter, hook string) (before []Filter) {
	ours := uint16(1)
	for slices.ContainsFunc(all, func(x Filter) bool { return x.Hook == hook && x.Preference == ours && !x.sharable() }) {
		ours++
	}
	for _, x := range all {
		if x.Hook == hook && x.Chain == 0 && x.Preference < ours {
			before = append(before, x)
		}
	}
	return before
}

// sharable reports whether its preference can be shared with ours, in which case
// ours, the later one, comes first (kernel: tcf_chain_tp_find, cls_bpf_change).
func (x Filter) sharable() bool {
	return x.Chain != 0 || x.Kind == "bpf" && x.Protocol == unix.ETH_P_ALL
}
