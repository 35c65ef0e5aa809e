package clsact

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// existing are filters that somebody else might have, and the preference that is
// left for ours beside them. The first ends the chain, so we must come before it.
// None of the others catches our packets.
var existing = []struct {
	name       string
	filter     func(netlink.FilterAttrs, counter) netlink.Filter
	preference uint16
}{
	{"bpf", func(a netlink.FilterAttrs, c counter) netlink.Filter {
		return &netlink.BpfFilter{FilterAttrs: a, Fd: c.program.FD(), Name: "foreign", DirectAction: true}
	}, 1},
	{"u32", func(a netlink.FilterAttrs, _ counter) netlink.Filter { return newU32(a) }, 2},
	{"flower", func(a netlink.FilterAttrs, _ counter) netlink.Filter {
		a.Protocol = unix.ETH_P_IP
		return &netlink.Flower{FilterAttrs: a, EthType: unix.ETH_P_IP, DestIP: net.IPv4(192, 0, 2, 1)}
	}, 2},
	{"matchall", func(a netlink.FilterAttrs, _ counter) netlink.Filter {
		a.Protocol = unix.ETH_P_ARP
		return &netlink.MatchAll{FilterAttrs: a}
	}, 2},
}

// newU32 returns a filter for packets to 192.0.2.1 (RFC 5737).
func newU32(a netlink.FilterAttrs) netlink.Filter {
	a.Protocol = unix.ETH_P_IP
	return &netlink.U32{FilterAttrs: a, Sel: &netlink.TcU32Sel{
		Flags: netlink.TC_U32_TERMINAL, Keys: []netlink.TcU32Key{{Mask: 0xffffffff, Val: 0xc0000201, Off: 16}},
	}}
}

func at(hook Hook, preference uint16) netlink.FilterAttrs {
	return netlink.FilterAttrs{LinkIndex: loopback, Parent: uint32(hook), Priority: preference, Protocol: unix.ETH_P_ALL}
}

// addFilter adds a filter, or skips the test where the kernel has none such.
func addFilter(t *testing.T, f netlink.Filter) {
	t.Helper()
	err := netlink.FilterAdd(f)
	if errors.Is(err, unix.ENOENT) {
		t.Skipf("this kernel has no %s filters", f.Type())
	}
	must(t, err)
}

// Filters of others neither blind us nor suffer.
func TestBesideForeignFilters(t *testing.T) {
	for _, tt := range existing {
		t.Run(tt.name, func(t *testing.T) {
			newHost(t)
			addDiscipline(t, "clsact")
			foreign := newCounter(t, endChain)
			for _, hook := range hooks {
				addFilter(t, tt.filter(at(hook, 1), foreign))
			}
			before := state(t)
			r := attach(t)
			r.check(t)
			if foreign.count(t) != r.ingress.count(t)+r.egress.count(t) && tt.name == "bpf" {
				t.Errorf("the foreign filter saw %d packets", foreign.count(t))
			}
			r.checkPreference(t, tt.preference)
			must(t, r.Close())
			checkState(t, before)
		})
	}
}

func (r *run) checkPreference(t *testing.T, want uint16) {
	t.Helper()
	found, err := list(r.handle, loopback)
	must(t, err)
	for _, f := range found.named(r.name) {
		if f.Priority != want {
			t.Errorf("preference %d, not %d", f.Priority, want)
		}
	}
}

// Where all places in front are taken, it is said in a line.
func TestNoPlaceInFront(t *testing.T) {
	newHost(t)
	addDiscipline(t, "clsact")
	for preference := uint16(1); preference <= firstPreferences; preference++ {
		addFilter(t, newU32(at(Egress, preference)))
	}
	before := state(t)
	checkRefused(t, newCounter(t, goOn).program.FD(), "preferences 1 to 8")
	checkState(t, before)
}

// checkRefused checks that the program can't be attached, for a reason that is said
// in one line.
func checkRefused(t *testing.T, program int, says string) error {
	t.Helper()
	a, err := Attach(loopback, map[Hook]int{Ingress: program, Egress: program})
	if err == nil {
		must(t, a.Close())
		t.Fatal("attached")
	}
	if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), says) {
		t.Errorf("%q is not one line that says %q", err, says)
	}
	return err
}

// A probe that leaves before its answer can be seen would be lost.
func TestIngressComesFirst(t *testing.T) {
	newHost(t)
	news, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_TC)
	must(t, err)
	defer news.Close()
	for range rounds() / 3 {
		must(t, attach(t).Close())
		if order := added(t, news); len(order) != 2 || order[0] != Ingress || order[1] != Egress {
			t.Fatalf("the order is %x", order)
		}
	}
}

// added returns where filters were added, up to when the discipline was removed.
// The mark's chain is not where packets pass.
func added(t *testing.T, news *nl.NetlinkSocket) (order []Hook) {
	t.Helper()
	for {
		messages, _, err := news.Receive()
		must(t, err)
		for _, m := range messages {
			where := nl.DeserializeTcMsg(m.Data)
			switch m.Header.Type {
			case unix.RTM_NEWTFILTER:
				if !inMarkChain(t, m.Data[where.Len():]) {
					order = append(order, Hook(where.Parent))
				}
			case unix.RTM_DELQDISC:
				return order
			}
		}
	}
}

func inMarkChain(t *testing.T, attributes []byte) bool {
	t.Helper()
	all, err := nl.ParseRouteAttr(attributes)
	must(t, err)
	for _, a := range all {
		if a.Attr.Type == nl.TCA_CHAIN {
			return nl.NativeEndian().Uint32(a.Value) == markChain
		}
	}
	return false
}
