package cli

import (
	"errors"

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
	r, err := socket.Open(socket.Options{
		IPv6: s.flow.IPv6(), Interface: s.route.Device(s.uplinks), Index: s.route.Index, Source: s.flow.Source,
	})
	if err != nil {
		return nil, err
	}
	c := &clock{sender: r, raw: r, rung: rawSockets}
	c.closers = append(c.closers, r)
	port, err := socket.Reserve(s.number(), s.flow.Source, s.flow.SourcePort, s.route.Index)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.port, c.closers = port.Number, append(c.closers, port)
	return c, nil
}

// listen opens sockets that take answers to what raw sends.
func (c *clock) listen(s setup, timestamps bool) (*socket.Listener, error) {
	listener, err := socket.Listen(socket.ListenOptions{
		Raw:        c.raw,
		Protocol:   s.number(),
		SourcePort: c.port,
		Secret:     s.flow.Secret,
		Slots:      int(slots(s.probes)),
		Timestamps: timestamps,
	})
	if err == nil {
		c.closers = append(c.closers, listener)
	}
	return listener, err
}
