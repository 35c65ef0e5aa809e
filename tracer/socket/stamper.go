package socket

import "github.com/ebpftrace/ebpftrace/tracer/stamp"

// Stamper keeps the stamps that SO_TIMESTAMPING takes of the packets of one
// socket, and brings them to CLOCK_MONOTONIC. It is for sockets of other kinds
// than [Raw], that ask for SOF_TIMESTAMPING_OPT_ID: the kernel's count of their
// packets tells whose a stamp is. It is for one goroutine at a time.
type Stamper struct {
	departures *departures
	gaps       Gaps
}

// NewStamper returns one that keeps as many probes as a [join.Joiner] with that
// many slots.
func NewStamper(slots int) *Stamper { return &Stamper{departures: newDepartures(slots)} }

// Lost reports whether the kernel's count is not known: the next packet should
// ask for SOF_TIMESTAMPING_TX_SCHED, for Learn.
func (s *Stamper) Lost() bool { return s.departures.lost }

// Refused says that the kernel refused a packet, which it may have counted.
func (s *Stamper) Refused() { s.departures.lose() }

// Sent keeps a probe that the kernel took just now, and counts it.
func (s *Stamper) Sent(ident uint16, at stamp.Mono) {
	s.departures.add(departure{ident: ident, sent: at, offset: readOffset()})
	s.departures.count()
}

// Learn takes in the count of the probe that was sent last.
func (s *Stamper) Learn(key uint32) { s.departures.learn(key) }

// Reported takes in what a driver reported of the packet with that count, in
// nanoseconds of CLOCK_REALTIME.
func (s *Stamper) Reported(key uint32, wall int64) {
	s.departures.stamp(sendStamp{key: key, at: wallTime(wall)})
}

// Stamps returns the stamps of a probe and its answer, which came in at wall, in
// nanoseconds of CLOCK_REALTIME and 0 if it was not stamped, and was received at
// user. Those that contradict the others are left out, and counted.
func (s *Stamper) Stamps(ident uint16, wall int64, user stamp.Mono) stamp.Set {
	a := arrival{stamp: wallTime(wall), at: user}
	return s.gaps.stamps(*s.departures.find(ident), a, readOffset())
}

// Gaps returns what has been counted so far.
func (s *Stamper) Gaps() Gaps { return s.gaps }

// AwaitReceiveStamps returns once packets are stamped, for which a socket has to
// have asked; where it cannot find out, after a tenth of a second.
func AwaitReceiveStamps() { awaitReceiveStamps() }
