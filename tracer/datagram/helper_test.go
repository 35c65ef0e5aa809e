package datagram_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

func TestMain(m *testing.M) {
	lab.Enter(os.Args)
	if os.Getenv(asTracer) != "" {
		traceAsTold()
	}
	os.Exit(m.Run())
}

// way is one of the ways to trace.
type way struct {
	Protocol  string // by name
	IPv6      bool
	UserClock bool
}

func (w way) String() string {
	return fmt.Sprintf("%s,v6=%v,user=%v", w.Protocol, w.IPv6, w.UserClock)
}

func (w way) protocol() probe.Protocol {
	p, _ := probe.ByName(w.Protocol)
	return p
}

func (w way) address(n lab.Node) netip.Addr {
	if w.IPv6 {
		return n.V6
	}
	return n.V4
}

// ways lists all of them; without clocks, only those by the nearest.
func ways(clocks bool) []way {
	var all []way
	for _, p := range []string{"udp", "icmp"} {
		for _, ipv6 := range []bool{false, true} {
			all = append(all, way{p, ipv6, false})
			if clocks {
				all = append(all, way{p, ipv6, true})
			}
		}
	}
	return all
}

func everyWay(t *testing.T, clocks bool, test func(t *testing.T, w way)) {
	for _, w := range ways(clocks) {
		t.Run(w.String(), func(t *testing.T) { test(t, w) })
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes network namespaces")
	}
}

func must(t *testing.T, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}

// prepare lets everybody in the client have ping sockets, and waits until it
// takes packets to its addresses: the kernel adds the routes for that some time
// after the IPv6 addresses (addrconf_dad_work).
func prepare(t *testing.T, l *lab.Lab) *lab.Lab {
	t.Helper()
	must(t, l.Do(lab.Client, func() error {
		addresses, err := netlink.AddrList(nil, netlink.FAMILY_V6)
		for errors.Is(err, netlink.ErrDumpInterrupted) { // one of them is being added
			addresses, err = netlink.AddrList(nil, netlink.FAMILY_V6)
		}
		for _, a := range addresses {
			err = errors.Join(err, awaitLocal(a.IP))
		}
		return errors.Join(err, allowPing("0 2147483647"))
	}))
	return l
}

func awaitLocal(ip net.IP) error {
	for range 500 {
		found, err := netlink.RouteGet(ip)
		if err == nil && len(found) > 0 && found[0].Type == unix.RTN_LOCAL {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("%v is not an address of the client", ip)
}

// allowPing sets the sysctl of the calling thread's network namespace.
func allowPing(groups string) error {
	return os.WriteFile("/proc/sys/net/ipv4/ping_group_range", []byte(groups), 0)
}

func chain(t *testing.T, routers int) *lab.Lab {
	t.Helper()
	needRoot(t)
	l, err := lab.Chain(t.Context(), lab.Options{Routers: routers})
	must(t, err)
	t.Cleanup(func() { l.Close() })
	return prepare(t, l)
}

func front(t *testing.T, name string) (*lab.Front, *sim.Scenario) {
	t.Helper()
	needRoot(t)
	s, err := sim.Load(name)
	must(t, err)
	f, err := lab.Simulated(t.Context(), s, 1)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	prepare(t, f.Lab)
	return f, s
}

// open returns a socket in the calling thread's namespace, and its flow.
func open(w way, target netip.Addr, change func(*datagram.Options)) (*datagram.Socket, probe.Flow, error) {
	route, err := socket.Lookup(target, socket.RouteOptions{})
	if err != nil {
		return nil, probe.Flow{}, err
	}
	o := datagram.Options{
		Flow: probe.Flow{
			Source: route.Source, Target: target, TargetPort: w.protocol().DefaultPort(),
			Secret: 0xbeef, FlowLabel: 0x12345,
		},
		Protocol: w.protocol().Number(w.IPv6), Index: route.Index, UserClock: w.UserClock,
	}
	if change != nil {
		change(&o)
	}
	s, err := datagram.Open(o)
	if err != nil {
		return nil, o.Flow, err
	}
	o.Flow.SourcePort = s.Port()
	return s, o.Flow, nil
}

// traced is a trace with what its socket says.
type traced struct {
	*tracer.Trace
	gaps     socket.Gaps
	timing   string
	nameless int // answers that were said to name no probe
}

// Next counts.
func (n *nameless) Next(deadline time.Time) (tracer.Answer, error) {
	a, err := n.Source.Next(deadline)
	if a.Unidentified {
		n.count++
	}
	return a, err
}

// nameless counts the answers that name no probe.
type nameless struct {
	tracer.Source
	count int
}

// trace traces from the client of a lab.
func trace(t *testing.T, l *lab.Lab, w way, cfg tracer.Config) (got traced) {
	t.Helper()
	target, _ := l.Node(lab.Target)
	must(t, l.Do(lab.Client, func() (err error) {
		got, err = run(t, w, w.address(target), cfg)
		return err
	}))
	return got
}

// run traces from the calling thread's namespace. Of the flow, only size and DF
// are looked at.
func run(t *testing.T, w way, target netip.Addr, cfg tracer.Config) (got traced, err error) {
	s, flow, err := open(w, target, nil)
	if err != nil {
		return got, err
	}
	defer s.Close()
	flow.Size, flow.DontFragment = cfg.Flow.Size, cfg.Flow.DontFragment
	cfg.Flow, cfg.Protocol = flow, w.protocol()
	source := &nameless{Source: s}
	got.Trace, err = tracer.Run(t.Context(), cfg, s, source)
	got.gaps, got.timing, got.nameless = s.Gaps(), s.Timing().Name, source.count
	return got, err
}

// points lists the stamps that a probe should have, in order.
func (w way) points() (points []stamp.Point, timing string) {
	switch {
	case w.UserClock:
		return []stamp.Point{stamp.UserSend, stamp.UserReceive}, "user"
	case w.poor():
		return []stamp.Point{stamp.UserSend, stamp.Receive, stamp.UserReceive}, "user"
	}
	return []stamp.Point{stamp.UserSend, stamp.SocketSend, stamp.Receive, stamp.UserReceive}, "socket"
}

// poor reports whether the kernel gives such a socket neither stamps of what is
// sent nor a flow label: ping sockets of IPv6 have them since Linux 5.18.
func (w way) poor() bool {
	var name unix.Utsname
	var major, minor int
	unix.Uname(&name)
	fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &major, &minor)
	return w.Protocol == "icmp" && w.IPv6 && (major < 5 || major == 5 && minor < 18)
}

// checkStamps holds a probe's stamps against the order of their points.
func checkStamps(t *testing.T, w way, p tracer.Probe) {
	t.Helper()
	points, timing := w.points()
	if p.Timing.Name != timing || p.RTT <= 0 {
		t.Errorf("TTL %d: %v by %q, want it by %q", p.TTL, p.RTT, p.Timing.Name, timing)
	}
	taken := 0
	for _, at := range p.Stamps {
		if at != 0 {
			taken++
		}
	}
	for i, point := range points {
		if taken != len(points) || p.Stamps[point] == 0 || i > 0 && p.Stamps[point] < p.Stamps[points[i-1]] {
			t.Errorf("TTL %d: %v is missing or out of order in %v", p.TTL, point, p.Stamps)
		}
	}
}
