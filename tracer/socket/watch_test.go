package socket_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// watched makes the interfaces and watches the route, by eth0.
func (w world) watched() (ctx context.Context, stop func() error) {
	w.Helper()
	ctx, stop, err := socket.Watch(w.Context(), w.threeEths())
	w.must(err)
	return ctx, stop
}

func (w world) threeEths() socket.Route {
	w.Helper()
	for n := range 3 {
		w.eth(n)
	}
	w.via("eth0", 0, 0, 0, 0)
	r, err := socket.Lookup(w.target(), socket.RouteOptions{})
	w.must(err)
	return r
}

func TestWatch(t *testing.T) {
	for _, tt := range watchTests {
		t.Run(tt.name, func(t *testing.T) {
			worlds(t, func(w world) {
				ctx, stop := w.watched()
				tt.before(w)
				if ctx.Err() != nil {
					w.Errorf("the context ended before anything was lost: %v", context.Cause(ctx))
				}
				tt.lost(w)
				w.ended(ctx)
				w.check(context.Cause(ctx), tt.want, tt.says)
				if again := stop(); again != context.Cause(ctx) || stop() != again {
					w.Errorf("stop returned %v, want the cause, %v", again, context.Cause(ctx))
				}
				w.quiet()
			})
		})
	}
}

func (w world) ended(ctx context.Context) {
	w.Helper()
	select {
	case <-ctx.Done():
	case <-time.After(patience):
		w.Fatal("the context did not end")
	}
}

func (w world) check(err error, want unix.Errno, says string) {
	w.Helper()
	var lost *socket.InterfaceError
	if !errors.As(err, &lost) || !errors.Is(err, want) || lost.Interface != "eth0" {
		w.Fatalf("%v, want an InterfaceError of eth0 that is %v", err, want)
	}
	if !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
		w.Errorf("%q, want one line with %q", err, says)
	}
}

// quiet checks that no goroutine watches any more.
func (w world) quiet() {
	w.Helper()
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	if strings.Contains(string(stacks), "socket.(*watch)") {
		w.Errorf("a goroutine is left:\n%s", stacks)
	}
}

// What happened before the watch is told at once, and nothing is left running.
func TestWatchTooLate(t *testing.T) {
	worlds(t, func(w world) {
		r := w.threeEths()
		removed("eth0", 0, 1)(w)
		_, _, err := socket.Watch(w.Context(), r)
		w.check(err, unix.EADDRNOTAVAIL, "")
		down("eth0")(w)
		_, _, err = socket.Watch(w.Context(), r)
		w.check(err, unix.ENETDOWN, "")
		deleted("eth0")(w)
		_, _, err = socket.Watch(w.Context(), r)
		w.check(err, unix.ENODEV, "")
		w.quiet()
	})
}

// A watch with nothing to tell ends without an error, by stop or by the context
// that it was given.
func TestWatchEnds(t *testing.T) {
	worlds(t, func(w world) {
		r := w.threeEths()
		for _, byParent := range []bool{false, true} {
			parent, cancel := context.WithCancel(w.Context())
			ctx, stop, err := socket.Watch(parent, r)
			w.must(err)
			if byParent {
				cancel()
			}
			if err := stop(); err != nil || context.Cause(ctx) != context.Canceled {
				w.Errorf("stop returned %v, the cause is %v; want none, and a cancelled context", err, context.Cause(ctx))
			}
			cancel()
		}
		w.quiet()
	})
}
