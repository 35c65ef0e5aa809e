package socket

import (
	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// departure is what is known of a probe's leaving.
type departure struct {
	ident  uint16
	known  bool       // false: the slot was never used
	keyed  bool       // key is known
	key    uint32     // the kernel's count of the socket's packets (OPT_ID)
	sent   stamp.Mono // stamp.UserSend
	driver wallTime   // stamp.SocketSend as the kernel gave it; 0: not given
	offset offset     // of the wall clock at sending
}

// departures keeps those of the probes that the joiner keeps, and finds them by
// identifier or by the kernel's count. The count goes up with each packet that
// gets as far as having a buffer; whether one that sendto(2) refused did so
// depends on who refused it: a netfilter hook, a route, the MTU. So the count is
// lost with each refusal, and learned anew from the next packet.
type departures struct {
	byIdent []departure
	byKey   []uint16 // identifiers
	next    uint32   // the kernel's next count, valid unless lost
	lost    bool
	last    *departure // nil: none yet
}

func newDepartures(slots int) *departures {
	if slots == 0 {
		slots = join.DefaultSlots
	}
	return &departures{byIdent: make([]departure, slots), byKey: make([]uint16, slots)}
}

func (d *departures) slot(ident uint16) *departure {
	return &d.byIdent[int(ident)&(len(d.byIdent)-1)]
}

// add keeps a departure in place of the one that had its slot.
func (d *departures) add(p departure) {
	p.known = true
	d.last = d.slot(p.ident)
	*d.last = p
}

// find returns the departure of a probe, which the joiner knows.
func (d *departures) find(ident uint16) *departure { return d.slot(ident) }

// lose: the kernel refused a packet.
func (d *departures) lose() { d.lost = true }

// learn takes in the count of the probe that was sent last. A lower one than is
// due is that of a packet which was held up.
func (d *departures) learn(key uint32) {
	if int32(key-d.next) < 0 {
		return
	}
	d.next, d.lost = key, false
	d.count()
}

// count gives the probe that was sent last its count, unless that is lost.
func (d *departures) count() {
	if d.lost {
		return
	}
	d.last.key, d.last.keyed = d.next, true
	d.byKey[int(d.next)&(len(d.byKey)-1)] = d.last.ident
	d.next++
}

// stamp enters what a driver reported. Where devices are stacked, several may:
// the last one is nearest to the wire.
func (d *departures) stamp(s sendStamp) {
	p := d.slot(d.byKey[int(s.key)&(len(d.byKey)-1)])
	if p.known && p.keyed && p.key == s.key {
		p.driver = s.at
	}
}
