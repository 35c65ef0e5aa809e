package socket

import "github.com/ebpftrace/ebpftrace/tracer/stamp"

// Gaps counts the answers that lack stamps which were asked for with
// [ListenOptions].Timestamps. Their round-trip time is that of another pair,
// the user's at the last.
type Gaps struct {
	// Send is the number of answers to probes that no driver had stamped.
	// Not every driver does: see [Listener.Timing].
	Send uint64
	// Receive is the number of answers that came in unstamped.
	Receive uint64
	// Stepped is the number of answers whose stamps were dropped, because
	// the wall clock that they are taken from was stepped meanwhile.
	Stepped uint64
}

// Gaps returns what has been counted so far.
func (l *Listener) Gaps() Gaps {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gaps
}

// stamps returns the stamps of an answer and its probe.
func (l *Listener) stamps(ident uint16, a arrival) stamp.Set {
	if !l.options.Timestamps {
		return stamp.Set{stamp.UserReceive: a.at}
	}
	now := readOffset()
	l.collect(false) // the driver reported before the probe left
	return l.gaps.stamps(*l.departures.find(ident), a, now)
}

// stamps brings the stamps of the wall clock to CLOCK_MONOTONIC, each by the
// offset of its own time.
func (g *Gaps) stamps(d departure, a arrival, now offset) stamp.Set {
	user := stamp.Set{stamp.UserReceive: a.at}
	set := user
	if d.driver != 0 {
		set[stamp.SocketSend] = d.offset.mono(d.driver)
	}
	if a.stamp != 0 {
		set[stamp.Receive] = now.mono(a.stamp)
	}
	if stepped(d.offset, now) || !inside(d, a, set) {
		g.Stepped++
		return user
	}
	if d.driver == 0 {
		g.Send++
	}
	if a.stamp == 0 {
		g.Receive++
	}
	return set
}

// inside reports whether the stamps lie between those of this process's clock.
// One that doesn't was taken while the wall clock was away for a moment, which
// two readings of the offset do not show.
func inside(d departure, a arrival, set stamp.Set) bool {
	for _, p := range []stamp.Point{stamp.SocketSend, stamp.Receive} {
		if set[p] != 0 && (set[p] < d.sent || set[p] > a.at) {
			return false
		}
	}
	return true
}

// Timing returns the pair of stamps that samples should have: "user" without
// Timestamps, or where the driver says (ETHTOOL_GET_TS_INFO) that it does not
// stamp what it sends; else "socket". [Listener.Gaps] tells whether it came so.
func (l *Listener) Timing() stamp.Timing {
	send, receive := stamp.UserSend, stamp.UserReceive
	if l.options.Timestamps && l.driver {
		send, receive = stamp.SocketSend, stamp.Receive
	}
	for _, t := range stamp.Timings {
		if t.Send == send && t.Receive == receive {
			return t
		}
	}
	return stamp.Timing{}
}
