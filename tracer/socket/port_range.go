package socket

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// attempts is how many places for a range are tried before the kernel's choice.
const attempts = 16

const (
	firstUserPort = 1024 // RFC 6335, 6: those below are the system's
	lastPort      = 65535
)

// ReserveRange holds the first of n source ports in a row, of which [Port.Count] tells
// how many there are. Unless port says where they begin, several lie outside of those
// that the kernel gives to this host's connections (net.ipv4.ip_local_port_range,
// for both families), so that answers to these do not pass for answers to probes.
// All else is as with [Reserve].
func ReserveRange(protocol uint8, source netip.Addr, port uint16, n, scope int) (*Port, error) {
	from, to := unusedPorts(n)
	for range attempts {
		if port != 0 || n <= 1 || to <= from {
			break
		}
		p, err := Reserve(protocol, source, uint16(from+rand.N(to-from)), scope)
		if !errors.Is(err, unix.EADDRINUSE) {
			return p.counting(n), err
		}
	}
	p, err := Reserve(protocol, source, port, scope)
	return p.counting(n), err
}

// counting makes the port the first of up to n.
func (p *Port) counting(n int) *Port {
	if p != nil {
		p.Count = min(n, lastPort-int(p.Number)+1)
	}
	return p
}

// unusedPorts returns where a range of n ports may begin: from the first, and below
// the last. It is empty if the kernel leaves no room.
func unusedPorts(n int) (from, to int) {
	low, high, err := localPorts()
	if err != nil {
		return 0, 0
	}
	if low-firstUserPort >= lastPort-high {
		return firstUserPort, low - n + 1
	}
	return high + 1, lastPort - n + 2
}

// localPorts reads the range of this thread's network namespace.
func localPorts() (low, high int, err error) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		return 0, 0, err
	}
	_, err = fmt.Sscan(string(text), &low, &high)
	return low, high, err
}
