package cli_test

import (
	"bytes"
	"encoding/json"
	"net"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// mtuDocument is the part of what --mtu --json writes that these tests look at.
type mtuDocument struct {
	Schema  string    `json:"schema"`
	Reached bool      `json:"reached"`
	PathMTU int       `json:"path_mtu"`
	Notes   []string  `json:"notes"`
	Drops   []mtuDrop `json:"drops"`
	Hops    []mtuHop  `json:"hops"`
	Timing  string    `json:"timing"`
}

type mtuDrop struct {
	After     int    `json:"after_hop"`
	Behind    int    `json:"behind_hop"`
	MTU       int    `json:"mtu"`
	Fails     int    `json:"fails"`
	BlackHole bool   `json:"black_hole"`
	Claim     string `json:"claim"`
}

type mtuHop struct {
	TTL    int             `json:"ttl"`
	MTU    int             `json:"mtu"`
	Probes []probeDocument `json:"probes"`
}

// told is a drop that a message tells the truth about, hole one that none tells of.
func told(after, mtu int) mtuDrop { return mtuDrop{after, after + 1, mtu, mtu + 1, false, "true"} }
func hole(after, mtu int) mtuDrop { return mtuDrop{after, after + 1, mtu, mtu + 1, true, "none"} }

// readMTU reads what the program has written.
func readMTU(t *testing.T, flags string, got outcome) mtuDocument {
	t.Helper()
	var d mtuDocument
	if err := json.Unmarshal([]byte(got.stdout), &d); err != nil {
		t.Fatalf("%s: %v\n%s%s", flags, err, got.stdout, got.stderr)
	}
	if got.status != 0 || got.stderr != "" || !d.Reached {
		t.Errorf("%s: status %d, reached %v\n%s", flags, got.status, d.Reached, got.stderr)
	}
	return d
}

// checkMTU holds a discovery through a chain to its drops: every hop answers packets
// as long as get there.
func checkMTU(t *testing.T, l *lab.Lab, flags string, want ...mtuDrop) mtuDocument {
	t.Helper()
	got := within(t, l, ebpftrace(flags, "--mtu", "--json", "-n", "target.lab")...)
	d := readMTU(t, flags, got)
	d.check(t, l, flags, want)
	return d
}

func (d mtuDocument) check(t *testing.T, l *lab.Lab, flags string, want []mtuDrop) {
	t.Helper()
	if !slices.Equal(d.Drops, want) {
		t.Errorf("%s: drops %+v, want %+v", flags, d.Drops, want)
	}
	nodes := l.Nodes()[1:]
	if len(d.Hops) != len(nodes) {
		t.Fatalf("%s: %d hops, want %d", flags, len(d.Hops), len(nodes))
	}
	for i, h := range d.Hops {
		if mtu := mtuAt(i+1, want); h.MTU != mtu {
			t.Errorf("%s: MTU %d at hop %d, want %d", flags, h.MTU, h.TTL, mtu)
		}
		checkHop(t, h.Probes, address(nodes[i], strings.Contains(flags, "-6")))
	}
	if d.PathMTU != mtuAt(len(nodes), want) {
		t.Errorf("%s: path MTU %d", flags, d.PathMTU)
	}
}

func mtuAt(ttl int, drops []mtuDrop) int {
	mtu := 1500
	for _, d := range drops {
		if d.After < ttl {
			mtu = d.MTU
		}
	}
	return mtu
}

// resize sets the MTU of the link behind a node of a chain, at both ends.
func resize(t *testing.T, l *lab.Lab, behind, mtu int) {
	t.Helper()
	near := "eth1"
	if behind == 0 {
		near = "eth0"
	}
	nodes := l.Nodes()
	setMTU(t, l, nodes[behind].Name, near, mtu)
	setMTU(t, l, nodes[behind+1].Name, "eth0", mtu)
}

func setMTU(t *testing.T, l *lab.Lab, node, device string, mtu int) {
	t.Helper()
	err := l.Do(node, func() error {
		link, err := netlink.LinkByName(device)
		if err != nil {
			return err
		}
		return netlink.LinkSetMTU(link, mtu)
	})
	if err != nil {
		t.Fatalf("MTU %d of %s at %s: %v", mtu, device, node, err)
	}
}

// Kernel routers tell of two steps. The second run finds the kernel's cache as the
// first has left it.
func TestMTUSteps(t *testing.T) {
	l := chain(t, 4)
	resize(t, l, 2, 1400)
	resize(t, l, 4, 1300)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			for range 2 {
				checkMTU(t, l, way.flags, told(2, 1400), told(4, 1300))
			}
		})
	}
}

// A router whose messages are dropped makes a black hole.
func TestMTUHole(t *testing.T) {
	l := chain(t, 4)
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to drop the messages")
	}
	resize(t, l, 1, 1450)
	resize(t, l, 3, 1313)
	dropMessages(t, l, 3)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			checkMTU(t, l, way.flags, told(1, 1450), hole(3, 1313))
		})
	}
}

// dropMessages drops what a router would say of packets too big.
func dropMessages(t *testing.T, l *lab.Lab, at int) {
	t.Helper()
	rules := "table inet f { chain o { type filter hook output priority 0; " +
		"icmp type destination-unreachable icmp code frag-needed drop; icmpv6 type packet-too-big drop; }; }"
	var stderr bytes.Buffer
	status, err := l.Run(t.Context(), l.Nodes()[at].Name, lab.Command{Argv: []string{"nft", rules}, Stderr: &stderr})
	if status != 0 || err != nil {
		t.Errorf("nft: %v, %s", err, &stderr)
	}
}

// Sockets without eBPF find the same, with privilege and without.
func TestMTUBySockets(t *testing.T) {
	l := chain(t, 2)
	resize(t, l, 1, 1400)
	for _, timing := range []string{"socket", "user"} {
		for _, way := range ways {
			checkMTU(t, l, way.flags+" --timing "+timing, told(1, 1400))
		}
	}
}

// So does whoever has no privilege at all, though the kernel makes his packets.
func TestMTUOfOrdinaryUser(t *testing.T) {
	l := chain(t, 2)
	letPing(t, l)
	resize(t, l, 1, 1400)
	for _, way := range ways[:4] { // not TCP
		target := address(l.Nodes()[3], strings.Contains(way.flags, "-6")).String()
		for range 2 {
			got := asNobody(t, l, nil, ebpftrace(way.flags, "--mtu", "--json", "-n", target)[1:]...)
			readMTU(t, way.flags, got).check(t, l, way.flags, []mtuDrop{told(1, 1400)})
		}
	}
}

// What the kernel has cached of a path, or was told of its route, keeps nobody from
// finding out how it is now.
func TestMTUCache(t *testing.T) {
	l := chain(t, 3)
	for _, ipv6 := range []bool{false, true} {
		target := address(l.Nodes()[4], ipv6)
		resize(t, l, 2, 1400)
		teach(t, l, target, 1400)
		resize(t, l, 2, 1500)
		for _, way := range ways {
			if strings.Contains(way.flags, "-6") != ipv6 {
				continue
			}
			d := checkMTU(t, l, way.flags)
			if note := strings.Join(d.Notes, "\n"); !strings.Contains(note, "holds 1400 bytes") {
				t.Errorf("%s: notes %q, want what the kernel holds", way.name, note)
			}
		}
		if got := cached(t, l, target); got != 1400 {
			t.Errorf("the kernel holds %d in the end, want 1400", got)
		}
	}
}

// teach has the kernel at the client take in a message about a packet too big.
func teach(t *testing.T, l *lab.Lab, target netip.Addr, mtu int) {
	t.Helper()
	await(t, "a cached path MTU", func() bool {
		err := l.Do(lab.Client, func() error { return sendLong(target) })
		if err != nil {
			t.Fatal(err)
		}
		return cached(t, l, target) == mtu
	})
}

// sendLong sends a datagram that fills an Ethernet and must not be fragmented.
func sendLong(target netip.Addr) error {
	level, option, value, header := unix.SOL_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE, 28
	if target.Is6() {
		level, option, value, header = unix.SOL_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE, 48
	}
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(target, 9)))
	if err != nil {
		return err
	}
	defer c.Close()
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	if err := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), level, option, value) }); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	_, err = c.Write(make([]byte, 1500-header))
	c.SetReadDeadline(time.Now().Add(time.Second))
	c.Read(make([]byte, 1)) // the message, as an error, or that the port is closed
	return err
}

// cached returns what the kernel at the client takes the path MTU to be.
func cached(t *testing.T, l *lab.Lab, target netip.Addr) (mtu int) {
	t.Helper()
	err := l.Do(lab.Client, func() error {
		r, err := socket.Lookup(target, socket.RouteOptions{})
		mtu = r.PathMTU
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return mtu
}
