// Package stamp names the points at which a probe and its answer are
// timestamped, and says what round-trip time a set of stamps gives.
//
// Every stamp is in CLOCK_MONOTONIC. A stamp of another clock has to be brought
// to it before it enters a [Set]; stamps of two clocks are never subtracted.
package stamp

import (
	"fmt"
	"time"
)

// Mono is a time in nanoseconds of CLOCK_MONOTONIC, the clock of
// bpf_ktime_get_ns(). Zero means that no stamp was taken.
type Mono int64

// Sub returns m - o.
func (m Mono) Sub(o Mono) time.Duration { return time.Duration(m - o) }

// Point is a place on the way of a probe out of this host, or of its answer
// into it, where the time is read.
type Point uint8

// The points in the order in which a probe and its answer pass them.
const (
	// UserSend is read by this process just before sendto(2).
	UserSend Point = iota
	// TCXEgress is read by the tcx egress program, before the queueing
	// discipline (kernel: sch_handle_egress).
	TCXEgress
	// DriverStart is read when the driver is handed the packet, after the
	// queueing discipline and the packet taps (kernel: xmit_one, tracepoint
	// net_dev_start_xmit). Of stacked devices the last one counts.
	DriverStart
	// SocketSend is what the driver reports to the socket
	// (SOF_TIMESTAMPING_TX_SOFTWARE; kernel: skb_tx_timestamp), brought from
	// CLOCK_REALTIME. Not every driver does.
	SocketSend
	// Receive is read when the packet enters the stack, before the backlog
	// (SOF_TIMESTAMPING_RX_SOFTWARE, skb->tstamp; kernel: __net_timestamp),
	// brought from CLOCK_REALTIME.
	Receive
	// TCXIngress is read by the tcx ingress program, after the packet taps
	// and before netfilter (kernel: sch_handle_ingress).
	TCXIngress
	// UserReceive is read by this process once recvmsg(2) gave it the answer.
	UserReceive

	points // number of points
)

var pointNames = [points]string{
	"user_send", "tcx_egress", "driver_start", "socket_send", "receive", "tcx_ingress", "user_receive",
}

// String returns the point's name as JSON output uses it.
func (p Point) String() string {
	return pointNames[p]
}

// Set holds the stamps of one probe and its answer, one for each [Point].
type Set [points]Mono

// Fill enters the stamps of another set that this one lacks.
func (s *Set) Fill(other Set) {
	for p, at := range other {
		if s[p] == 0 {
			s[p] = at
		}
	}
}

// Timing is a pair of points whose difference is a round-trip time.
type Timing struct {
	// Name is what users see, and give to --timing.
	Name string
	// Send and Receive are the points that the pair takes its stamps from.
	Send, Receive Point
}

// Timings lists the pairs, those nearest to the wire first. A new source of
// timestamps is registered here.
var Timings = []Timing{
	{Name: "kernel", Send: DriverStart, Receive: Receive},
	{Name: "driver+tcx", Send: DriverStart, Receive: TCXIngress},
	{Name: "tcx+receive", Send: TCXEgress, Receive: Receive},
	{Name: "tcx", Send: TCXEgress, Receive: TCXIngress},
	{Name: "socket", Send: SocketSend, Receive: Receive},
	{Name: "user", Send: UserSend, Receive: UserReceive},
}

// ImpossibleError reports an answer stamped before its probe. Clocks read on
// two CPUs can step back a little; such a sample is dropped, never clamped.
type ImpossibleError struct {
	Timing Timing
	RTT    time.Duration // what the stamps say, negative
}

func (e *ImpossibleError) Error() string {
	return fmt.Sprintf("stamps of %s give an impossible round-trip time of %v", e.Timing.Name, e.RTT)
}

// RTT returns the round-trip time by the pair nearest to the wire of which both
// stamps were taken, and which pair that is. The zero Timing means that the set
// holds no whole pair. A negative time is an [*ImpossibleError].
func (s *Set) RTT() (time.Duration, Timing, error) {
	for _, t := range Timings {
		if s[t.Send] == 0 || s[t.Receive] == 0 {
			continue
		}
		rtt := s[t.Receive].Sub(s[t.Send])
		if rtt < 0 {
			return 0, t, &ImpossibleError{t, rtt}
		}
		return rtt, t, nil
	}
	return 0, Timing{}, nil
}
