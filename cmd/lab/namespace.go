package lab

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// addSpace gives the lab an anonymous network namespace for the node, with the
// settings in place before its first interface is made, so that each interface
// inherits them.
func (l *Lab) addSpace(node string, settings []sysctl) error {
	runtime.LockOSThread()
	home, err := netns.Get()
	if err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("lab: current network namespace: %w", err)
	}
	defer home.Close()
	space, err := newSpace(settings)
	if back := netns.Set(home); back != nil {
		// The goroutine stays locked, so the thread ends with it.
		return errors.Join(err, fmt.Errorf("lab: return from %s: %w", node, back))
	}
	runtime.UnlockOSThread()
	if err != nil {
		return err
	}
	l.spaces[node] = space
	return nil
}

// newSpace moves the calling thread into a new namespace. The handle that it
// returns is the only thing that keeps the namespace once the thread has left.
func newSpace(settings []sysctl) (netns.NsHandle, error) {
	space, err := netns.New()
	if errors.Is(err, unix.EPERM) {
		return space, fmt.Errorf("lab: new network namespace: %w (run as root)", err)
	}
	if err != nil {
		return space, fmt.Errorf("lab: new network namespace: %w", err)
	}
	if err := apply(settings); err != nil {
		space.Close()
		return netns.None(), err
	}
	return space, nil
}

// visit moves the calling thread, which the caller has locked, into space. If
// leave fails, the thread must not be unlocked.
func visit(space netns.NsHandle) (leave func() error, err error) {
	home, err := netns.Get()
	if err != nil {
		return nil, fmt.Errorf("lab: current network namespace: %w", err)
	}
	if err := netns.Set(space); err != nil {
		home.Close()
		return nil, fmt.Errorf("lab: enter network namespace: %w", err)
	}
	return func() error {
		defer home.Close()
		if err := netns.Set(home); err != nil {
			return fmt.Errorf("lab: leave network namespace: %w", err)
		}
		return nil
	}, nil
}
