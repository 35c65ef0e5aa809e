package clsact

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// loopback is the index of lo in every network namespace (kernel:
// LOOPBACK_IFINDEX). Each packet passes its egress, then its ingress.
const loopback = 1

// newHost puts the test's thread into a network namespace of its own, whose
// loopback is up, and returns the one where it was.
func newHost(t *testing.T) (home netns.NsHandle) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, for network namespaces and eBPF programs")
	}
	runtime.LockOSThread()
	home, err := netns.Get()
	must(t, err)
	own, err := netns.New()
	must(t, err)
	t.Cleanup(func() {
		must(t, netns.Set(home))
		home.Close()
		own.Close()
		runtime.UnlockOSThread()
	})
	must(t, netlink.LinkSetUp(device(loopback)))
	return home
}

func device(index int) netlink.Link {
	return &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}
}

// addDiscipline makes a foreign discipline on loopback, clsact or ingress.
func addDiscipline(t *testing.T, kind string) {
	t.Helper()
	must(t, netlink.QdiscAdd(&netlink.GenericQdisc{QdiscType: kind, QdiscAttrs: netlink.QdiscAttrs{
		LinkIndex: loopback, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_CLSACT,
	}}))
}

// state describes the disciplines of loopback and their filters.
func state(t *testing.T) (all []string) {
	t.Helper()
	disciplines, err := netlink.QdiscList(device(loopback))
	must(t, err)
	for _, q := range disciplines {
		all = append(all, q.Type())
	}
	for _, hook := range hooks {
		for _, f := range filtersAt(t, hook) {
			a := f.Attrs()
			all = append(all, fmt.Sprintf("%s %x at %x, preference %d", f.Type(), a.Handle, a.Parent, a.Priority))
		}
	}
	return all
}

// filtersAt returns the filters of a hook, all chains'.
func filtersAt(t *testing.T, hook Hook) []netlink.Filter {
	t.Helper()
	filters, err := netlink.FilterList(device(loopback), uint32(hook))
	must(t, err)
	return filters
}

func checkState(t *testing.T, want []string) {
	t.Helper()
	if got := state(t); !slices.Equal(got, want) {
		t.Errorf("there is %q, not %q", got, want)
	}
}

// pass has packets pass loopback, one after the other.
func pass(t *testing.T, packets int) {
	t.Helper()
	self, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(t, err)
	defer self.Close()
	must(t, self.SetDeadline(time.Now().Add(10*time.Second)))
	for range packets {
		_, err := self.WriteTo([]byte{0}, self.LocalAddr())
		must(t, err)
		_, err = self.Read(make([]byte, 1))
		must(t, err)
	}
}
