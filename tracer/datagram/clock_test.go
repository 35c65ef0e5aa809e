package datagram_test

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/stamp/stamptest"
)

// A wall clock that is stepped between probe and answer moves nothing: the
// stamps taken from it are dropped, and counted.
func TestSteppedWallClock(t *testing.T) {
	for _, w := range ways(false) {
		if w.poor() {
			continue // there is nothing to drop
		}
		r := &responder{answer: func(p []byte) [][]byte { return [][]byte{exceeded(p, p)} }, after: 5 * time.Millisecond}
		within(t, w, r, nil, func(_ *lab.Front, s *datagram.Socket, f probe.Flow) {
			for ident, away := range []bool{false, true, false} {
				checkStepped(t, w, s, f, uint16(1+ident), away)
			}
			if c := count(s); s.Gaps() != (socket.Gaps{Stepped: 1}) || c.ImpossibleStamps != 1 {
				t.Errorf("%v: gaps %+v, counted %+v; want one for the clock", w, s.Gaps(), c)
			}
		})
	}
}

// checkStepped sends a probe, whose answer comes while the clock is away or not.
func checkStepped(t *testing.T, w way, s *datagram.Socket, f probe.Flow, ident uint16, away bool) {
	t.Helper()
	sent, err := send(t, w, s, f, ident)
	must(t, err)
	restore := func() {}
	if away {
		restore = stamptest.StepClock(t, time.Hour)
	}
	a := next(t, s)
	restore()
	if got := a.Stamps[stamp.SocketSend] == 0 && a.Stamps[stamp.Receive] == 0; got != away {
		t.Errorf("%v, clock stepped %v: stamps %v", w, away, a.Stamps)
	}
	a.Stamps[stamp.UserSend] = sent
	rtt, timing, err := a.Stamps.RTT()
	if want := map[bool]string{false: "socket", true: "user"}[away]; err != nil ||
		rtt < 5*time.Millisecond || rtt > time.Second || timing.Name != want {
		t.Errorf("%v, clock stepped %v: %v by %q, %v", w, away, rtt, timing.Name, err)
	}
}
