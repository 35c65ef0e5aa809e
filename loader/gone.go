package loader

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// GoneError says that the interface does not exist, or has ceased to: its links
// died with it and no answer will come any more.
type GoneError struct {
	Interface int // index
}

func (e *GoneError) Error() string {
	return fmt.Sprintf("there is no network interface with index %d any more", e.Interface)
}

// gone puts a name to the error that attaching to a missing interface gives.
func gone(iface int, err error) error {
	if errors.Is(err, unix.ENODEV) {
		return &GoneError{iface}
	}
	return err
}

// goneInterval is how often an idle session asks whether its interface exists.
const goneInterval = time.Second

// checkGone reports a *GoneError once the interface has been removed: the kernel
// then keeps the link but takes the interface's index out of it. It looks no
// more often than every goneInterval.
func (s *Session) checkGone(now time.Time) error {
	if now.Before(s.nextCheck) {
		return nil
	}
	s.nextCheck = now.Add(goneInterval)
	info, err := s.ingress.Info()
	if err != nil {
		return nil // says nothing about the interface
	}
	if tcx := info.TCX(); tcx != nil && tcx.Ifindex == 0 {
		return &GoneError{s.iface}
	}
	return nil
}
