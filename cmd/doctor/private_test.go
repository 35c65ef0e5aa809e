package doctor

import (
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// state is what a look at a namespace could change.
type state struct {
	loopbackUp bool
	qdiscs     int
	changes    uint64 // to what is attached by tcx, ever
}

func stateOf(t *testing.T, l *lab.Lab) (s state) {
	t.Helper()
	must(t, l.Do(lab.Client, func() error {
		lo, err := netlink.LinkByName("lo")
		if err != nil {
			return err
		}
		s.loopbackUp = lo.Attrs().RawFlags&unix.IFF_UP != 0
		qdiscs, err := netlink.QdiscList(nil)
		s.qdiscs = len(qdiscs)
		return err
	}))
	for _, device := range everyDevice {
		s.changes += revisions(t, l, device)
	}
	return s
}

var (
	everyDevice = []string{"lo", "eth0"}
	tcxHooks    = []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress}
)

// revisions counts the changes at an interface for as long as anything is attached
// there (kernel: bpf_mprog_inc_revision).
func revisions(t *testing.T, l *lab.Lab, device string) (n uint64) {
	t.Helper()
	for _, at := range tcxHooks {
		onDevice(t, l, device, func(index int) error {
			found, err := link.QueryPrograms(link.QueryOptions{Target: index, Attach: at})
			if err == nil {
				n += found.Revision
			}
			if !modern(t) {
				return nil
			}
			return err
		})
	}
	return n
}

// occupy attaches a stranger everywhere, where there is tcx.
func occupy(t *testing.T, l *lab.Lab) {
	t.Helper()
	p := stranger(t, ebpf.SchedCLS, -1)
	for _, device := range everyDevice {
		for _, at := range tcxHooks {
			onDevice(t, l, device, func(index int) error {
				attached, err := link.AttachTCX(link.TCXOptions{Interface: index, Program: p, Attach: at})
				if err == nil {
					t.Cleanup(func() { attached.Close() })
				}
				if !modern(t) {
					return nil
				}
				return err
			})
		}
	}
}

// What is tried is tried elsewhere: here nothing is attached or brought up.
func TestChangesNothing(t *testing.T) {
	l := chain(t)
	needsTool(t, "ip", "iproute2")
	run(t, l, "ip link set lo down")
	occupy(t, l)
	before := stateOf(t, l)
	o := examine(t, l, asRoot, "-")
	if !o.Timing.Tried {
		t.Fatalf("nothing was tried: %+v", o)
	}
	if after := stateOf(t, l); after != before || after.loopbackUp {
		t.Errorf("%+v before, %+v after", before, after)
	}
}
