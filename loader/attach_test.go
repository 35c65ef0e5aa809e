package loader

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

func TestCloseDetaches(t *testing.T) {
	n := newNetwork(t)
	tr := n.trace(t, probe.UDP{}, false, 40005)
	for _, where := range []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress} {
		if got := len(attached(t, n.index, where)); got != 1 {
			t.Errorf("%d programs at %v of an open session", got, where)
		}
	}
	for range 2 {
		must(t, tr.Close())
	}
	for _, where := range []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress} {
		if got := len(attached(t, n.index, where)); got != 0 {
			t.Errorf("%d programs at %v of a closed session", got, where)
		}
	}
	if _, err := tr.Next(time.Now()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Next of a closed session gave %v", err)
	}
	if _, err := tr.Counters(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Counters of a closed session gave %v", err)
	}
}

func attached(t *testing.T, iface int, where ebpf.AttachType) []link.AttachedProgram {
	t.Helper()
	result, err := link.QueryPrograms(link.QueryOptions{Target: iface, Attach: where})
	must(t, err)
	return result.Programs
}

func TestCloseInterruptsNext(t *testing.T) {
	tr := newNetwork(t).trace(t, probe.UDP{}, false, 40006)
	failed := make(chan error)
	go func() {
		_, err := tr.Next(time.Now().Add(time.Hour))
		failed <- err
	}()
	time.Sleep(20 * time.Millisecond)
	must(t, tr.Close())
	select {
	case err := <-failed:
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("Next gave %v", err)
		}
	case <-time.After(patience):
		t.Error("Next still waits")
	}
}

// Behind a program that ends the chain ours would see nothing.
func TestAttachesInFront(t *testing.T) {
	n := newNetwork(t)
	for _, where := range []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress} {
		attachEnd(t, n.index, where)
	}
	tr := n.trace(t, probe.UDP{}, false, 40007)
	tr.send(t, 7)
	checkCounters(t, tr, tracer.Counters{Probes: 1, Answers: 1})
}

// attachEnd attaches a program that returns TC_ACT_OK.
func attachEnd(t *testing.T, iface int, where ebpf.AttachType) {
	t.Helper()
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type: ebpf.SchedCLS, Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
	})
	must(t, err)
	defer prog.Close()
	l, err := link.AttachTCX(link.TCXOptions{Interface: iface, Program: prog, Attach: where})
	must(t, err)
	t.Cleanup(func() { l.Close() })
}

func TestInterfaceGone(t *testing.T) {
	n := newNetwork(t)
	tr := n.trace(t, probe.UDP{}, false, 40008)
	near, err := netlink.LinkByName("near")
	must(t, err)
	must(t, netlink.LinkDel(near))
	var goneErr *GoneError
	if _, err := Open(Options{Interface: n.index}); !errors.As(err, &goneErr) || goneErr.Interface != n.index {
		t.Errorf("Open on a removed interface gave %v", err)
	}
	if _, err := tr.Next(time.Now()); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Next on a removed interface gave %v", err)
	}
}
