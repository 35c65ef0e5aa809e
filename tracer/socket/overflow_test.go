package socket_test

import (
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// What finds the socket's queue full is counted, to the last packet.
func TestListenerCountsOverflow(t *testing.T) {
	small := func(o *socket.ListenOptions) { o.ReceiveBuffer = 1 }
	const copies = 3000
	within(t, far{copies: copies}, small, func(front *lab.Front, l *socket.Listener, f probe.Flow) {
		if _, err := ping(t, l, f, 1); err != nil {
			t.Fatal(err)
		}
		for drain(l, 200*time.Millisecond) > 0 {
		}
		checkPing(t, l, f, 2) // the kernel tells with the next packet
		const came = copies + 1
		for start := time.Now(); front.Counters().Out < came && time.Since(start) < time.Second; {
			time.Sleep(time.Millisecond) // it counts what it has written, not what it is about to
		}
		c, _ := l.Counters()
		if n := front.Counters().Out; n != came || c.Overflow == 0 || c.Answers+c.Overflow != came {
			t.Errorf("counted %+v, but %d answers came of %d", c, n, came)
		}
	})
}

// drain returns the number of answers that come until none does for a while.
func drain(l *socket.Listener, quiet time.Duration) (n uint64) {
	for {
		if _, err := l.Next(time.Now().Add(quiet)); err != nil {
			return n
		}
		n++
	}
}

// What Next is not called for in time is counted too.
func TestListenerCountsBacklog(t *testing.T) {
	large := func(o *socket.ListenOptions) { o.ReceiveBuffer = 1 << 24 }
	within(t, far{copies: 2000}, large, func(_ *lab.Front, l *socket.Listener, f probe.Flow) {
		if _, err := ping(t, l, f, 1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)
		c, _ := l.Counters()
		if got := drain(l, 0); c.Answers != got || c.Overflow == 0 {
			t.Errorf("counted %+v, got %d answers", c, got)
		}
	})
}
