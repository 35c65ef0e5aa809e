package loader

import (
	"errors"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// FallbackError says why a stamp nearer to the wire is not taken. The session
// works without it.
type FallbackError struct {
	Point stamp.Point // stamp.DriverStart or stamp.Receive
	Err   error
}

func (e *FallbackError) Error() string {
	name := map[stamp.Point]string{stamp.DriverStart: "driver", stamp.Receive: "receive"}[e.Point]
	reason := e.Err.Error()
	if missing := (*CapabilityError)(nil); errors.As(e.Err, &missing) {
		reason = missing.Short()
	}
	return "no " + name + " stamp: " + reason
}

// Unwrap returns the reason.
func (e *FallbackError) Unwrap() error { return e.Err }

// Timing returns the pair of stamps that samples are to be expected with. Single
// samples may lack a refined stamp and then have the next best pair.
func (s *Session) Timing() stamp.Timing { return s.timing }

// Fallbacks returns a [*FallbackError] for each stamp that Refined asks for and
// that can't be taken here.
func (s *Session) Fallbacks() []error { return s.fallbacks }

// refine tries to have a stamp taken, if the options ask for it, and reports
// whether it will be.
func (s *Session) refine(o Options, point stamp.Point, try func() error) bool {
	if o.Stamps == TCXOnly {
		return false
	}
	err := try()
	if err != nil {
		s.fallbacks = append(s.fallbacks, &FallbackError{point, err})
	}
	return err == nil
}

// timing returns the pair of the nearest points that are stamped.
func timing(driver, receive bool) (found stamp.Timing) {
	send, back := stamp.TCXEgress, stamp.TCXIngress
	if driver {
		send = stamp.DriverStart
	}
	if receive {
		back = stamp.Receive
	}
	for _, t := range stamp.Timings {
		if t.Send == send && t.Receive == back {
			found = t
		}
	}
	return found
}
