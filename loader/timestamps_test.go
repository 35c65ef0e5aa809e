package loader

import (
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// With loopback, stamps are seen long before patience runs out.
func TestTimestampsAreConfirmed(t *testing.T) {
	newNetwork(t)
	holder, err := holdTimestamps()
	must(t, err)
	defer holder.Close()
	deadline := time.Now().Add(patience)
	if must(t, holder.confirm(deadline)); time.Now().After(deadline) {
		t.Error("no stamp was seen, or too few in a row")
	}
}

// Once confirmed, packets stay stamped, although the last holder's end takes
// effect only then.
func TestTimestampsOutliveAnotherHolder(t *testing.T) {
	newNetwork(t)
	last, err := holdTimestamps()
	must(t, err)
	must(t, last.confirm(time.Now().Add(patience)))
	for range 20 {
		must(t, last.Close())
		if last, err = holdTimestamps(); err != nil {
			t.Fatal(err)
		}
		must(t, last.confirm(time.Now().Add(patience)))
		for range 10 {
			must(t, unix.Send(last.fd, []byte{0}, 0))
			if stamped, err := last.await(); !stamped || err != nil {
				t.Errorf("stamped %v, error %v", stamped, err)
			}
			time.Sleep(time.Millisecond)
		}
	}
	last.Close()
}

// await receives what has been sent, and is to come.
func (t timestamps) await() (stamped bool, err error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		stamped, err = t.receive()
		if err != unix.EAGAIN || time.Now().After(deadline) {
			return stamped, err
		}
	}
}

// Where loopback is down, having waited must do.
func TestTimestampsWithoutLoopback(t *testing.T) {
	newNetwork(t)
	lo, err := netlink.LinkByName("lo")
	must(t, err)
	must(t, netlink.LinkSetDown(lo))
	holder, err := holdTimestamps()
	must(t, err)
	defer holder.Close()
	deadline := time.Now().Add(settle)
	if must(t, holder.confirm(deadline)); time.Now().Before(deadline) {
		t.Error("confirmed at once what nobody can know")
	}
}
