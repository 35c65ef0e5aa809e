package cli

import (
	"io"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// socketAllowed leaves it to the raw socket to complain: it needs nothing else.
func socketAllowed() error { return nil }

// socketClock takes the stamps that SO_TIMESTAMPING gives.
func socketClock(s setup) (*clock, error) { return listening(s, true) }

// userClock reads the clock of this process, as tracers used to do.
func userClock(s setup) (*clock, error) { return listening(s, false) }

func listening(s setup, timestamps bool) (*clock, error) {
	listener, err := openListener(s, timestamps)
	if err != nil {
		return nil, err
	}
	return &clock{
		Source: listener, sender: listener, timing: listener.Timing(), closers: []io.Closer{listener},
	}, nil
}

func openListener(s setup, timestamps bool) (*socket.Listener, error) {
	return socket.Listen(socket.ListenOptions{
		Raw:        s.raw,
		Protocol:   s.protocol.Number(s.flow.IPv6()),
		SourcePort: s.flow.SourcePort,
		Secret:     s.flow.Secret,
		Slots:      int(slots(s.probes)),
		Timestamps: timestamps,
	})
}
