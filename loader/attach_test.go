package loader

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// The best way that the kernel has is what its version says.
func TestBestHooks(t *testing.T) {
	n := newNetwork(t)
	want := Clsact
	if newer(t, "6.6") {
		want = TCX
	}
	tr := n.trace(t, probe.UDP{}, false, 40005)
	if got := tr.Hooks(); got != want {
		t.Errorf("attached by %s, not by %s", got, want)
	}
	if tr.send(t, 7); want == TCX {
		return
	}
	_, err := Open(Options{Interface: n.index, Hooks: TCX})
	if oneLine(t, err, "tcx: Linux 6.6 or later has it"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("tcx gave %v", err)
	}
}

func TestCloseDetaches(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		before := disciplines(t, n.index)
		tr := n.trace(t, probe.UDP{}, false, 40005)
		checkOurs(t, n, 1, 1)
		checkTimestampHolders(t, newer(t, "6.1"))
		for range 2 {
			must(t, tr.Close())
		}
		checkOurs(t, n, 0, 0)
		checkTimestampHolders(t, false)
		checkSame(t, "queueing disciplines", disciplines(t, n.index), before)
		if _, err := tr.Next(time.Now()); !errors.Is(err, os.ErrClosed) {
			t.Errorf("Next of a closed session gave %v", err)
		}
		if _, err := tr.Counters(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("Counters of a closed session gave %v", err)
		}
	})
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
	eachHooks(t, func(t *testing.T, n *network) {
		for _, where := range places {
			hang(t, n, n.hooks, where, newCounter(t, endChain))
		}
		tr := n.trace(t, probe.UDP{}, false, 40007)
		tr.send(t, 7)
		checkCounters(t, tr, tracer.Counters{Probes: 1, Answers: 1})
	})
}

func TestInterfaceGone(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		tr := n.trace(t, probe.UDP{}, false, 40008)
		near, err := netlink.LinkByName("near")
		must(t, err)
		must(t, netlink.LinkDel(near))
		_, err = Open(Options{Interface: n.index, Hooks: n.hooks})
		checkGone(t, err, n.index)
		if _, err := tr.Next(time.Now()); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Next on a removed interface gave %v", err)
		}
		for range 2 {
			must(t, tr.Close())
		}
	})
}

func checkGone(t *testing.T, err error, index int) {
	t.Helper()
	var gone *GoneError
	if oneLine(t, err); !errors.As(err, &gone) || gone.Interface != index || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open on a removed interface gave %v", err)
	}
}

// The discipline "ingress" sits where clsact would, and is somebody else's.
func TestIngressInTheWay(t *testing.T) {
	n := newNetwork(t)
	must(t, netlink.QdiscAdd(&netlink.Ingress{QdiscAttrs: netlink.QdiscAttrs{
		LinkIndex: n.index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_INGRESS,
	}}))
	before := disciplines(t, n.index)
	_, err := Open(Options{Interface: n.index, Hooks: Clsact})
	if oneLine(t, err, `"ingress"`, "--timing socket"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	checkSame(t, "queueing disciplines", disciplines(t, n.index), before)
}
