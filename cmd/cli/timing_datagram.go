package cli

import (
	"io"

	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/join"
)

// datagramClock takes the stamps that SO_TIMESTAMPING gives an ordinary user.
func datagramClock(s setup) (*clock, error) { return ordinarily(s, false) }

// datagramUserClock reads the clock of this process.
func datagramUserClock(s setup) (*clock, error) { return ordinarily(s, true) }

// ordinarily opens a socket that needs no privilege, and is both: what probes
// leave by, and what takes the answers.
func ordinarily(s setup, userClock bool) (*clock, error) {
	d, err := datagram.Open(datagram.Options{
		Flow:      s.flow,
		Protocol:  s.number(),
		Interface: s.route.Device(s.uplinks),
		Index:     s.route.Index,
		Slots:     join.SlotsFor(s.probes),
		UserClock: userClock,
	})
	if err != nil {
		return nil, err
	}
	return &clock{
		Source: d, sender: d, port: d.Port(), ports: 1, timing: d.Timing(), rung: ordinarySockets, closers: []io.Closer{d},
	}, nil
}
