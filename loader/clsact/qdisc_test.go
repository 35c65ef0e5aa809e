package clsact

import (
	"errors"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func TestDisciplineThatWeMadeGoes(t *testing.T) {
	newHost(t)
	before := state(t)
	r := attach(t)
	r.check(t)
	if q, err := discipline(r.handle, loopback); err != nil || q == nil {
		t.Errorf("attached to discipline %v, error %v", q, err)
	}
	must(t, r.Close())
	checkState(t, before)
}

func TestDisciplineThatWasThereStays(t *testing.T) {
	newHost(t)
	addDiscipline(t, "clsact")
	before := state(t)
	for range 2 {
		r := attach(t)
		r.check(t)
		must(t, r.Close())
		checkState(t, before)
	}
}

// Whoever of us is the last to leave removes the discipline, not who made it.
func TestDisciplineIsHandedOver(t *testing.T) {
	newHost(t)
	before := state(t)
	first := attach(t)
	second := attach(t)
	third := attach(t)
	for _, r := range []*run{first, second, third} {
		r.check(t)
	}
	must(t, first.Close())
	second.check(t)
	fourth := attach(t)
	must(t, third.Close())
	must(t, second.Close())
	fourth.check(t)
	must(t, fourth.Close())
	checkState(t, before)
}

// Who has begun to use our discipline keeps it, and nothing in it says any more
// that it was ours.
func TestDisciplineThatOthersUseStays(t *testing.T) {
	for _, hook := range hooks {
		newHost(t)
		r := attach(t)
		addFilter(t, newU32(at(hook, 7)))
		must(t, r.Close())
		after := state(t)
		if found, err := list(netHandle(t), loopback); err != nil || found.foreign == 0 || found.mark != nil || len(found.own) != 0 {
			t.Errorf("left are %+v, error %v", found, err)
		}
		r = attach(t)
		r.check(t)
		must(t, r.Close())
		checkState(t, after)
	}
}

func netHandle(t *testing.T) *netlink.Handle {
	t.Helper()
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	must(t, err)
	t.Cleanup(h.Close)
	return h
}

// The discipline ingress has no egress, and clsact takes the same place.
func TestIngressInTheWay(t *testing.T) {
	newHost(t)
	addDiscipline(t, "ingress")
	before := state(t)
	err := checkRefused(t, newCounter(t, goOn).program.FD(), `"ingress"`)
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	checkState(t, before)
}

// Somebody else may make the discipline between our look and our making it: then it
// is his, though our mark was added to it.
func TestDisciplineThatOthersMakeFirst(t *testing.T) {
	for _, kind := range []string{"clsact", "ingress"} {
		newHost(t)
		addDiscipline(t, kind)
		before := state(t)
		err := makeMarked(netHandle(t), loopback, newCounter(t, goOn).program.FD())
		if got := errors.Is(err, errors.ErrUnsupported); got != (kind == "ingress") || err != nil && !got {
			t.Errorf("%s: got %v", kind, err)
		}
		checkState(t, before)
	}
}

// What can't be attached leaves no discipline behind.
func TestNoFilterNoDiscipline(t *testing.T) {
	newHost(t)
	before := state(t)
	checkRefused(t, newCounter(t, goOn).seen.FD(), "invalid argument")
	checkState(t, before)
}

// An interface that goes takes all of it along.
func TestInterfaceGone(t *testing.T) {
	newHost(t)
	dummy := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "near"}, PeerName: "far"}
	must(t, netlink.LinkAdd(dummy))
	near, err := netlink.LinkByName("near")
	must(t, err)
	index := near.Attrs().Index
	a, err := Attach(index, map[Hook]int{Ingress: newCounter(t, goOn).program.FD()})
	must(t, err)
	must(t, netlink.LinkDel(near))
	must(t, a.Close())
	if _, err := Attach(index, map[Hook]int{Ingress: newCounter(t, goOn).program.FD()}); !errors.Is(err, unix.ENODEV) {
		t.Errorf("attaching to it gave %v", err)
	}
	names, err := Leftovers(index)
	if len(names) != 0 || err != nil {
		t.Errorf("left over on it is %q, error %v", names, err)
	}
}
