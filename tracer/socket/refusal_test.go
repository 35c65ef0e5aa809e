package socket_test

import (
	"errors"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// A probe that the kernel refused may or may not have been counted by it. No
// stamp goes to the wrong probe either way, and the next probe has its own.
func TestListenerAfterRefusal(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to have probes refused")
	}
	within(t, far{copies: 1}, nil, func(_ *lab.Front, l *socket.Listener, f probe.Flow) {
		rules := "table inet f { chain o { type filter hook output priority 0; ip dscp 1 drop; }; }"
		if out, err := exec.Command("nft", rules).CombinedOutput(); err != nil {
			t.Fatalf("nft: %s", out)
		}
		tooLong, dropped := f, f
		tooLong.Size, dropped.TrafficClass = 9000, 1<<2
		ident := uint16(0)
		for _, refused := range []*probe.Flow{nil, &tooLong, &dropped, nil, &dropped, &dropped, &tooLong, nil} {
			ident++
			if refused != nil {
				want := map[bool]error{true: unix.EMSGSIZE, false: unix.EPERM}[refused == &tooLong]
				if _, err := ping(t, l, *refused, ident); !errors.Is(err, want) {
					t.Fatalf("refused with %v, want %v", err, want)
				}
				continue
			}
			checkPing(t, l, f, ident)
			checkPing(t, l, f, ident+100)
		}
		if g := l.Gaps(); g != (socket.Gaps{}) {
			t.Errorf("gaps %+v", g)
		}
	})
}

func checkPing(t *testing.T, l *socket.Listener, f probe.Flow, ident uint16) {
	t.Helper()
	sent, err := ping(t, l, f, ident)
	after, _ := socket.Now()
	if err != nil {
		t.Fatal(err)
	}
	a := next(t, l)
	if got := a.Stamps[stamp.SocketSend]; a.Ident != ident || got < sent || got > after {
		t.Errorf("answer to %d, stamped at %d; want %d, stamped within %d to %d", a.Ident, got, ident, sent, after)
	}
}
