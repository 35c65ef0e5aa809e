package doctor

import (
	"errors"
	"fmt"
	"strings"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// Rung is what --timing auto would take.
type Rung struct {
	// Timing is the pair of stamps; the zero one means that no trace is
	// possible.
	Timing stamp.Timing
	// Sockets is what probes leave by.
	Sockets Sockets
	// Tried says that the programs were attached and took these stamps, which
	// otherwise follows from what they need.
	Tried bool
}

// Sockets is a kind of sockets.
type Sockets string

// The kinds.
const (
	Raw      Sockets = "raw"
	Datagram Sockets = "datagram" // any user's
)

// Status is OK for the nearest stamps there are, Missing where there are none.
func (r Rung) Status() Status {
	switch r.Timing {
	case stamp.Timing{}:
		return Missing
	case stamp.Timings[0]:
		return OK
	}
	return Degraded
}

// rung goes down the ladder: stamps of eBPF programs, sockets' stamps, and this
// process's clock; raw sockets before an ordinary user's.
func (f *Facts) rung() Rung {
	d, err := f.Device.Get()
	if err != nil && !errors.Is(err, errNoDefault) || err == nil && !d.Up {
		return Rung{}
	}
	raw := f.Raw.Err() == nil
	switch t, tried := f.kernelTiming(d); {
	case raw && t != stamp.Timing{}:
		return Rung{t, Raw, tried}
	case raw:
		return Rung{f.socketTiming(), Raw, false}
	case f.Datagram.Err() == nil:
		return Rung{f.socketTiming(), Datagram, false}
	}
	return Rung{}
}

// kernelTiming returns the nearest pair of stamps that programs can take on a
// device; the zero one if they can't be attached.
func (f *Facts) kernelTiming(d Device) (t stamp.Timing, tried bool) {
	hooks, _, err := f.hooks()
	if err != nil || hooks == loader.Clsact && d.inTheWay() {
		return t, false
	}
	if trial, err := f.Trial.Get(); err == nil {
		return trial.Timing, true
	}
	ring, _, err := f.verdict(f.ringBuffer())
	if err != nil || !ring || f.Programs.Err() != nil || judgeMemlock(f).Status == Missing {
		return t, false
	}
	send, receive := stamp.TCXEgress, stamp.TCXIngress
	if _, err := f.driver(); err == nil && len(f.lacking(cap.PERFMON)) == 0 {
		send = stamp.DriverStart
	}
	if _, err := f.receive(); err == nil {
		receive = stamp.Receive
	}
	return timing(send, receive), false
}

// socketTiming returns what sockets can take. Where no interface is known, its
// driver may be one that stamps.
func (f *Facts) socketTiming() stamp.Timing {
	d, err := f.Device.Get()
	if (err != nil || d.Stamps) && f.Receive.Err() == nil {
		return timing(stamp.SocketSend, stamp.Receive)
	}
	return timing(stamp.UserSend, stamp.UserReceive)
}

func timing(send, receive stamp.Point) stamp.Timing {
	for _, t := range stamp.Timings {
		if t.Send == send && t.Receive == receive {
			return t
		}
	}
	return stamp.Timing{}
}

// costs are what the pairs cost, by name.
var costs = map[string]string{
	"driver+tcx": receiveCost, "tcx+receive": driverCost, "tcx": tcxCost, "socket": socketCost, "user": userCost,
}

func judgeTiming(f *Facts) Result {
	rung := f.rung()
	r := Result{Status: rung.Status(), Found: "none: no trace is possible", Cost: costs[rung.Timing.Name]}
	if r.Status == Missing {
		return r
	}
	r.Found = fmt.Sprintf("--timing auto takes %s: %s to %s", rung.Timing.Name, words(rung.Timing.Send), words(rung.Timing.Receive))
	if rung.Tried {
		r.Found += " (tried)"
	}
	if rung.Sockets == Datagram {
		r.Found += ", by sockets of an ordinary user"
		r.Cost += "; " + datagramCost
	}
	return r
}

func words(p stamp.Point) string { return strings.ReplaceAll(p.String(), "_", " ") }
