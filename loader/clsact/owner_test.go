package clsact

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// Close works on the interface under its lock, in whatever namespace the thread is
// that calls it.
func TestCloseWaitsItsTurn(t *testing.T) {
	home := newHost(t)
	r := attach(t)
	held, err := lock(loopback)
	must(t, err)
	closed := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with its goroutine
		must(t, netns.Set(home))
		closed <- r.Close()
	}()
	select {
	case err := <-closed:
		t.Fatalf("did not wait, and gave %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	r.check(t)
	must(t, held.Close())
	must(t, <-closed)
	checkState(t, []string{"noqueue"})
}

// Somebody who holds the lock for good is waited for once, and named.
func TestLockIsHeldForGood(t *testing.T) {
	t.Parallel()
	newHost(t)
	before := state(t)
	held, err := lock(loopback)
	must(t, err)
	defer held.Close()
	checkRefused(t, newCounter(t, goOn).program.FD(), "@ebpftrace/clsact/lock/1")
	checkState(t, before)
}

// Runs that come and go all at once don't disturb each other.
func TestManyRuns(t *testing.T) {
	newHost(t)
	before := state(t)
	here, err := netns.Get()
	must(t, err)
	defer here.Close()
	program := newCounter(t, goOn).program.FD()
	ended := make(chan error)
	runs := map[bool]int{false: 6, true: 3}[machinetest.Emulated()] // Linux 5.10 takes half a second each time there
	for range runs {
		go func() { ended <- attachOften(here, rounds()/3, program) }()
	}
	for range runs {
		must(t, <-ended)
	}
	checkState(t, before)
}

func attachOften(here netns.NsHandle, rounds, program int) error {
	runtime.LockOSThread() // for good: the thread ends with its goroutine
	if err := netns.Set(here); err != nil {
		return err
	}
	for range rounds {
		a, err := Attach(loopback, map[Hook]int{Ingress: program, Egress: program})
		if err != nil {
			return err
		}
		time.Sleep(rand.N(4 * lockPause)) // so that others get the lock
		if err := a.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Who has given up CAP_NET_ADMIN can't remove filters, and says so in a line.
func TestCloseWithoutCapability(t *testing.T) {
	newHost(t)
	r := attach(t)
	had := setCapabilities(t, func(c *unix.CapUserData) { c.Effective &^= 1 << unix.CAP_NET_ADMIN })
	err := r.Close()
	setCapabilities(t, func(c *unix.CapUserData) { *c = had })
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), r.name) {
		t.Errorf("%v is not one line that names the filters", err)
	}
	must(t, attach(t).Close()) // who is the next run
	checkState(t, []string{"noqueue"})
}

// setCapabilities changes the first 32 capabilities of this thread, and returns
// what they were.
func setCapabilities(t *testing.T, change func(*unix.CapUserData)) (had unix.CapUserData) {
	t.Helper()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	must(t, unix.Capget(&header, &data[0]))
	had = data[0]
	change(&data[0])
	must(t, unix.Capset(&header, &data[0]))
	return had
}
