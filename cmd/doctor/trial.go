package doctor

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Trial is what came of attaching the programs where it harms nobody.
type Trial struct {
	Hooks  loader.Hooks
	Timing stamp.Timing
	// Fallbacks say why nearer stamps are not taken.
	Fallbacks []error
}

// fallback returns why the stamp is not taken; nil if it is.
func (t Trial) fallback(p stamp.Point) error {
	for _, err := range t.Fallbacks {
		if f := (*loader.FallbackError)(nil); errors.As(err, &f) && f.Point == p {
			return f.Err
		}
	}
	return nil
}

// complete reports whether the nearest stamps are taken.
func (t Trial) complete() bool { return t.Timing == stamp.Timings[0] }

// lookTrial opens a session on the loopback interface of a new network namespace.
// The namespace is that of one thread, which ends here, and it with it.
func lookTrial(host) (t Trial, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlock: that ends the thread
		t, err = attachInPrivate()
	}()
	<-done
	return t, err
}

func attachInPrivate() (Trial, error) {
	err := unix.Unshare(unix.CLONE_NEWNET)
	if errors.Is(err, unix.EPERM) {
		return Trial{}, &NotTriedError{"CAP_SYS_ADMIN, for a network namespace of its own"}
	}
	if err != nil {
		return Trial{}, fmt.Errorf("make a network namespace: %w", err)
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return Trial{}, err
	}
	if err := netlink.LinkSetUp(lo); err != nil {
		return Trial{}, err
	}
	return attachTo(lo.Attrs().Index)
}

// attachTo attaches for the probes of a socket that there is not.
func attachTo(index int) (Trial, error) {
	s, err := loader.Open(loader.Options{
		Interface: index, Cookie: math.MaxUint64, Protocol: unix.IPPROTO_UDP, Port: 1, Secret: 1,
	})
	if lacking := (*loader.CapabilityError)(nil); errors.As(err, &lacking) {
		return Trial{}, &NotTriedError{names(lacking.Missing)}
	}
	if err != nil {
		return Trial{}, err
	}
	return Trial{s.Hooks(), s.Timing(), s.Fallbacks()}, s.Close()
}

func judgeAttachment(f *Facts) Result {
	hooks, how, err := f.hooks()
	switch {
	case err != nil && f.noProc():
		err = errNoProc
	case errors.Is(err, os.ErrPermission):
		err = errRefused
	}
	if err != nil {
		return Result{Status: Missing, Found: err.Error(), Cost: "no kernel timing"}
	}
	r := Result{Status: OK, Found: fmt.Sprintf("%s (%s)", hooks, how)}
	if hooks == loader.TCX {
		return r
	}
	r.Status, r.Cost = Degraded, clsactCost
	if d, err := f.Device.Get(); err == nil && d.inTheWay() {
		r.Status, r.Cost = Missing, "no kernel timing on "+d.Name
		r.Found = fmt.Sprintf("clsact, but %s has the queueing discipline %q in its place", d.Name, d.Qdisc)
		r.Mend = f.sudo(fmt.Sprintf("tc qdisc del dev %s %s", quote(d.Name), quote(d.Qdisc)))
		r.Note = "this removes its filters too: ask whoever made them"
	}
	return r
}
