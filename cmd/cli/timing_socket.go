package cli

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// socketClock takes the stamps that SO_TIMESTAMPING gives.
func socketClock(s setup) (*clock, error) { return listening(s, true) }

// userClock reads the clock of this process, as tracers used to do.
func userClock(s setup) (*clock, error) { return listening(s, false) }

func listening(s setup, timestamps bool) (*clock, error) {
	c, err := openRaw(s)
	if err != nil {
		return nil, err
	}
	listener, err := c.listen(s, timestamps)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.Source, c.sender, c.timing = listener, listener, listener.Timing()
	return c, nil
}

// openRaw opens what whole packets leave by, and reserves their source port.
func openRaw(s setup) (*clock, error) {
	r, err := s.route.Open(s.uplinks)
	if err != nil {
		return nil, err
	}
	c := &clock{sender: r, raw: r, rung: rawSockets}
	c.closers = append(c.closers, r)
	if err := c.reserve(s); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// reserve holds the source port. One that somebody else has may be used all the same
// if it was asked for: what answers say, and not where they come, is what counts.
func (c *clock) reserve(s setup) error {
	port, err := socket.ReserveRange(s.number(), s.flow.Source, s.flow.SourcePort, max(s.ports, 1), s.route.Index)
	if s.flow.SourcePort != 0 && errors.Is(err, unix.EADDRINUSE) {
		c.port, c.ports = s.flow.SourcePort, 1
		c.asides = append(c.asides, fmt.Sprintf("source port %d belongs to another socket of this host, which gets the answers too", c.port))
		return nil
	}
	if err != nil {
		return err
	}
	c.port, c.ports, c.closers = port.Number, port.Count, append(c.closers, port)
	return nil
}

// listen opens sockets that take answers to what raw sends.
func (c *clock) listen(s setup, timestamps bool) (*socket.Listener, error) {
	listener, err := socket.Listen(socket.ListenOptions{
		Raw:        c.raw,
		Protocol:   s.number(),
		SourcePort: c.port, SourcePorts: c.ports,
		Secret:     s.flow.Secret,
		Slots:      join.SlotsFor(s.probes),
		Timestamps: timestamps,
	})
	if err == nil {
		c.closers = append(c.closers, listener)
	}
	return listener, err
}
