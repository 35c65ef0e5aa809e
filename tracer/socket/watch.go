package socket

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// Watch returns a context that ends, with an [*InterfaceError] for its cause
// ([context.Cause]), when the route's interface goes down, is removed, or is
// without carrier for a second, or when the route's source address is lost. If
// that has come to pass since [Lookup], it is an error at once.
//
// It looks at the network namespace of the thread that calls, and goes on doing
// so from others. It needs no capability.
//
// stop has to be called when the trace is over. It ends what Watch started, and
// returns what went wrong by then: a probe may be refused before the watch is
// told why. If the trace was over before, that is of no concern. To call it again
// returns the same.
func Watch(ctx context.Context, r Route) (_ context.Context, stop func() error, err error) {
	w := &watch{route: r}
	if err := w.open(); err != nil {
		return nil, nil, fmt.Errorf("watching interface %s: %w", r.Interface, err)
	}
	// Subscribed first, looked second: nothing happens in between unseen.
	if err := w.look(); err != nil {
		w.close()
		return nil, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	running.Go(func() { w.run(ctx, cancel) })
	return ctx, sync.OnceValue(func() error {
		cancel(nil)
		w.events.Close()
		running.Wait()
		defer w.close()
		return w.verdict()
	}), nil
}

// run waits for news until the context ends, or the trace has to.
func (w *watch) run(ctx context.Context, cancel context.CancelCauseFunc) {
	for {
		down, err := w.news()
		if err != nil && ctx.Err() != nil {
			return // stop closed the socket
		}
		if err != nil {
			err = fmt.Errorf("watching interface %s: %w", w.route.Interface, err)
		} else if err = w.look(); down && !errors.Is(err, unix.ENODEV) {
			err = w.failed(unix.ENETDOWN) // all else follows from that
		}
		if err != nil {
			w.fault = err
			cancel(err)
			return
		}
	}
}

// verdict returns what went wrong, if anything did by now.
func (w *watch) verdict() error {
	if w.fault == nil {
		w.fault = w.look()
	}
	return w.fault
}

// InterfaceError says that probes and answers no longer pass the interface of the
// route.
type InterfaceError struct {
	// Interface is its name.
	Interface string
	// Reason is what happened to it, as in "went down", and what to do.
	Reason string
	// Err tells the reasons apart: unix.ENETDOWN (down), unix.ENODEV (not
	// there), unix.EADDRNOTAVAIL (the source address is not) or unix.ENOLINK
	// (no carrier).
	Err error
}

func (e *InterfaceError) Error() string {
	return fmt.Sprintf("interface %s %s", e.Interface, e.Reason)
}

func (e *InterfaceError) Unwrap() error { return e.Err }

// failed puts a reason into words.
func (w *watch) failed(reason unix.Errno) error {
	e := &InterfaceError{Interface: w.route.Interface, Err: reason}
	switch reason {
	case unix.ENETDOWN:
		e.Reason = fmt.Sprintf("went down in mid-trace: set it up (ip link set %s up) and trace again", e.Interface)
	case unix.ENODEV:
		e.Reason = "was removed in mid-trace, or moved to another network namespace: `ip link` lists what is left"
	case unix.EADDRNOTAVAIL:
		e.Reason = fmt.Sprintf("lost the address %v that probes are sent from in mid-trace: trace again from one that `ip address` lists", w.route.Source)
	case unix.ENOLINK:
		e.Reason = fmt.Sprintf("lost its carrier in mid-trace and has had none for %v: see to the cable or what is at its other end", carrierGrace)
	}
	return e
}
