package socket_test

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/stamp/stamptest"
)

// A wall clock that is stepped between probe and answer moves nothing: the
// stamps taken from it are dropped, and counted.
func TestListenerDropsStampsOfSteppedClock(t *testing.T) {
	within(t, far{copies: 1, after: 5 * time.Millisecond}, nil, func(_ *lab.Front, l *socket.Listener, f probe.Flow) {
		for ident, away := range []bool{false, true, false} {
			sent, err := ping(t, l, f, uint16(1+ident))
			if err != nil {
				t.Fatal(err)
			}
			restore := func() {}
			if away {
				restore = stamptest.StepClock(t, time.Hour)
			}
			a := next(t, l)
			restore()
			if got := a.Stamps[stamp.SocketSend] == 0 && a.Stamps[stamp.Receive] == 0; got != away {
				t.Errorf("clock stepped %v: stamps %v", away, a.Stamps)
			}
			a.Stamps[stamp.UserSend] = sent
			rtt, timing, err := a.Stamps.RTT()
			if want := map[bool]string{false: "socket", true: "user"}[away]; err != nil ||
				rtt < 5*time.Millisecond || rtt > time.Second || timing.Name != want {
				t.Errorf("clock stepped %v: %v by %q, %v", away, rtt, timing.Name, err)
			}
		}
		if g := l.Gaps(); g != (socket.Gaps{Stepped: 1}) {
			t.Errorf("gaps %+v, want one for the clock", g)
		}
	})
}
