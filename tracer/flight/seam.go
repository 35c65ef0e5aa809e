package flight

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Sender puts probes on the wire.
type Sender interface {
	// Send sends one whole IP packet, header included, to the destination
	// that the header names. It returns the time just before it handed the
	// packet to the kernel. The packet may be reused once Send returns.
	Send(packet []byte) (stamp.Mono, error)
}

// Source is where stamped answers come from: the eBPF programs in a real trace,
// a simulated network in tests.
type Source interface {
	// Next returns the next answer. It waits until deadline at the longest
	// and then returns an error that is os.ErrDeadlineExceeded; with a
	// deadline in the past it returns what is there already. Any other
	// error ends the trace. Answer.Packet is valid until the next call.
	Next(deadline time.Time) (Answer, error)
	// Counters returns what has been counted so far.
	Counters() (Counters, error)
}

// Answer is one joined sample: a packet that answers a probe, with the stamps
// of both.
type Answer struct {
	// Ident is the identifier of the probe that is answered, as it was
	// given to probe.Protocol.Marshal.
	Ident uint16
	// Stamps holds what was stamped outside this process.
	Stamps stamp.Set
	// Packet is the answer from its IP header on, perhaps cut short.
	Packet []byte
	// Length is the answer's whole length in bytes, IP header included.
	Length int
	// Duplicate says that the probe had been answered before.
	Duplicate bool
	// Rewritten says that the quoted packet differs from the probe in what
	// an address translator rewrites; identifier and ports agree.
	Rewritten bool
	// Unidentified says that the answer names no probe (a UDP datagram from
	// the target's port): Ident is then that of the last probe sent.
	Unidentified bool
}

// Counters tells what became of the packets that a [Source] looked at.
type Counters struct {
	// Probes is the number of probes stamped on their way out.
	Probes uint64 `json:"probes_stamped"`
	// Answers is the number of answers handed over, duplicates included.
	Answers uint64 `json:"answers"`
	// Duplicates is the number of answers to probes answered before.
	Duplicates uint64 `json:"duplicates"`
	// Unmatched is the number of answers to packets that this run never sent, though
	// they name its ports or echo identifier.
	Unmatched uint64 `json:"unmatched"`
	// Foreign is the number of ICMP errors about packets of another protocol or from
	// other ports: those of other programs, or probes whose ports an address
	// translator changed and did not restore.
	Foreign uint64 `json:"foreign,omitempty"`
	// Malformed is the number of answers too short or too broken to match.
	Malformed uint64 `json:"malformed"`
	// Overflow is the number of answers lost because the ring buffer, or a
	// socket's queue, was full.
	Overflow uint64 `json:"overflow"`
	// ImpossibleStamps is the number of driver, socket and receive stamps
	// dropped because they contradict the others of their sample, as when
	// the wall clock is stepped; the samples keep the others.
	ImpossibleStamps uint64 `json:"impossible_stamps"`
	// LateStamps is the number of answers whose stamps by a further source
	// (see tracer.Merge) came after the sample had been handed on without them.
	LateStamps uint64 `json:"late_stamps"`
}
