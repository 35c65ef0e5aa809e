package datagram

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// counts is what is counted beside the joiner.
type counts struct {
	complaints uint64 // ICMP errors
	nameless   uint64 // answers that name no probe
	unmatched  uint64
	backlog    uint64 // answers that found the queue to Next full
	full       uint64 // times that the error queue was found full
	dropped    uint64 // datagrams that the socket had no room for; when the socket was closed
}

// take takes in what came out of the socket. learn says that a stamp which is not
// the driver's is of the probe sent just now.
func (s *Socket) take(m message, learn bool) {
	switch {
	case m.origin == 0:
		packet, _ := s.builder.reply(m)
		s.join(m, packet)
	case m.stamped() && m.info != unix.SCM_TSTAMP_SCHED:
		s.stamper.Reported(m.key(), m.wall)
	case m.stamped() && learn:
		s.stamper.Learn(m.key())
	case m.answers(s.options.Flow.IPv6()):
		s.takeComplaint(m)
	}
	// What is left of the error queue are errors of this host's (sendto told
	// of them) and ICMP messages that no probe brings about.
}

// takeComplaint finds the probe that an ICMP error is about.
func (s *Socket) takeComplaint(m message) {
	s.more.complaints++
	about, nameless := s.probes.find(m.data, s.options.icmp())
	switch {
	case nameless:
		s.takeNameless(m)
	case about == nil:
		s.more.unmatched++
	default:
		packet, _ := s.builder.complaint(m, about)
		s.join(m, packet)
	}
}

// takeNameless takes an ICMP error for one about the last probe, if it went where
// that went.
func (s *Socket) takeNameless(m message) {
	last := s.probes.last
	if last.ip == 0 || last.to() != m.peer {
		s.more.unmatched++
		return
	}
	s.more.nameless++
	a := tracer.Answer{Ident: binary.BigEndian.Uint16(last.start()[6:]), Unidentified: true}
	a.Packet, a.Length = s.builder.complaint(m, last)
	s.deliver(m, a)
}

// join has the joiner find the probe. It also sees to duplicates.
func (s *Socket) join(m message, packet []byte) {
	if a, ok := s.joiner.Join(packet); ok {
		s.deliver(m, a)
	}
}

// deliver stamps an answer and leaves it for Next.
func (s *Socket) deliver(m message, a tracer.Answer) {
	a.Stamps = stamp.Set{stamp.UserReceive: m.at}
	if !s.options.UserClock {
		a.Stamps = s.stamper.Stamps(a.Ident, m.wall, m.at)
	}
	a.Packet = bytes.Clone(a.Packet)
	select {
	case s.answers <- a:
	default:
		s.more.backlog++
	}
}
