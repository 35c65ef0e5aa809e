package cli

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
)

func kernelAllowed() error { return loader.CheckCapabilities(cap.NET_RAW) }

// nearestClock takes the stamps nearest to the wire that this kernel and these
// capabilities allow, and says which it has to do without.
func nearestClock(s setup) (*clock, error) {
	return attached(s, loader.Refined)
}

// kernelClock takes the nearest there are anywhere, or none.
func kernelClock(s setup) (*clock, error) {
	c, err := attached(s, loader.Refined)
	if err == nil && len(c.notes) > 0 {
		c.Close()
		return nil, &exitError{ExitForbidden, fmt.Errorf("%s; use --timing auto to do without",
			strings.Join(c.notes, "; "))}
	}
	return c, err
}

// tcxClock takes those of tcx alone.
func tcxClock(s setup) (*clock, error) {
	return attached(s, loader.TCXOnly)
}

// attached attaches the eBPF programs to the interface of the route.
func attached(s setup, stamps loader.Stamps) (*clock, error) {
	cookie, err := s.raw.Cookie()
	if err != nil {
		return nil, err
	}
	session, err := loader.Open(loader.Options{
		Interface: s.route.Index,
		Cookie:    cookie,
		Port:      s.flow.SourcePort,
		Secret:    s.flow.Secret,
		Protocol:  s.protocol.Number(s.flow.IPv6()),
		Slots:     slots(s.probes),
		Stamps:    stamps,
	})
	if errors.Is(err, errors.ErrUnsupported) {
		return nil, fmt.Errorf("%w; use --timing socket to do without", err)
	}
	if err != nil {
		return nil, err
	}
	c := &clock{Source: session, sender: s.raw, timing: session.Timing()}
	c.closers = append(c.closers, session)
	for _, f := range session.Fallbacks() {
		c.notes = append(c.notes, f.Error())
	}
	return c, c.addUser(s)
}

// addUser has this process receive the answers as well, if that is asked for.
func (c *clock) addUser(s setup) error {
	if !s.user {
		return nil
	}
	listener, err := openListener(s, false)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	c.Source, c.sender = tracer.Merge(c.Source, listener), listener
	c.closers = append(c.closers, listener)
	return nil
}

// slots returns a power of two that holds every probe of the trace twice over,
// for the identifiers that are passed over.
func slots(probes int) uint32 { return 1 << bits.Len(uint(max(probes*2, 64)-1)) }
