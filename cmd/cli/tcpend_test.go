package cli_test

import (
	"encoding/binary"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// openPort is a port of the target that somebody listens at; closedPort one that
// nobody does.
const openPort, closedPort = "8080", "8081"

// obstacles are what a host may do to handshakes of its own that it knows nothing of.
var obstacles = []struct{ name, rules, flags string }{
	{"nothing", "", ""},
	{"a firewall", "table inet f { chain i { type filter hook input priority 0; ip protocol tcp drop; ip6 nexthdr tcp drop; }; }", ""},
	{"connection tracking", "table inet f { chain i { type filter hook input priority 0; ct state invalid,established drop; }; }", ""},
	{"a firewall that lets no reset out",
		"table inet f { chain o { type filter hook output priority 0; tcp flags & rst == rst drop; }; }", ""},
	{"ports translated at random",
		"table inet f { chain p { type nat hook postrouting priority 100; meta l4proto tcp masquerade fully-random; }; }", ""},
	{"a listener at the source port", "", "--sport " + openPort},
}

// The last hop of a trace with SYNs is the time of the handshake's answer, whatever
// this host does to it afterwards.
func TestTCPToTheEnd(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to set up firewalls")
	}
	for _, o := range obstacles {
		t.Run(o.name, func(t *testing.T) {
			l := chain(t, 1)
			listen(t, l, lab.Target)
			listen(t, l, lab.Client)
			if got := within(t, l, "nft", o.rules); o.rules != "" && got.status != 0 {
				t.Fatalf("nft: %s", got.stderr)
			}
			for port, kind := range map[string]string{openPort: "syn_ack", closedPort: "reset"} {
				for _, family := range []string{"-4", "-6"} {
					got := within(t, l, ebpftrace(family+" -T -p "+port+" --json -n "+o.flags, "target.lab")...)
					d := got.document(t)
					if !d.Reached || len(d.Hops) != 2 {
						t.Fatalf("%s, port %s: reached %v in %d hops, want 2\n%s", family, port, d.Reached, len(d.Hops), got.stderr)
					}
					checkHandshake(t, family+", port "+port, d.Hops[1].Probes, kind)
				}
			}
		})
	}
}

// checkHandshake looks at the target's answers. Where this host resets no handshake, a
// target that waits for its end resets it at the next SYN. The target's stack leaves
// a departure time in a segment, which on a veth stands where the receive stamp would.
func checkHandshake(t *testing.T, name string, probes []probeDocument, kind string) {
	t.Helper()
	for i, p := range probes {
		if p.Kind != kind && (i == 0 || p.Kind != "reset") {
			t.Errorf("%s: probe %d: %+v, want a %s", name, i, p, kind)
		}
		if p.RTT <= 0 || p.Source != best(t) && p.Source != "driver+tcx" {
			t.Errorf("%s: probe %d: %+v, want a time taken in the kernel", name, i, p)
		}
	}
}

// listen holds the open port of both families at a node.
func listen(t *testing.T, l *lab.Lab, node string) {
	t.Helper()
	err := l.Do(node, func() error {
		listener, err := net.Listen("tcp", ":"+openPort)
		if err == nil {
			t.Cleanup(func() { listener.Close() })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A source port that is asked for is the one that probes have; a port that is
// somebody else's is used all the same, and that is said.
func TestSourcePort(t *testing.T) {
	l := chain(t, 1)
	listen(t, l, lab.Client)
	for _, way := range ways {
		for _, port := range []int{45678, 8080} {
			seen := arrival(t, l, way.protocol, strings.Contains(way.flags, "-6"))
			got := within(t, l, ebpftrace(way.flags, "-n", "-q", "1", "--sport", strconv.Itoa(port), "target.lab")...)
			if from := seen(); from != port || got.status != 0 {
				t.Errorf("%s: sent from %d, want %d; status %d\n%s", way.name, from, port, got.status, got.stderr)
			}
			said := strings.Contains(got.stdout, "source port 8080 belongs to another socket")
			if others := way.protocol == "tcp" && port == 8080; said != others {
				t.Errorf("%s, port %d: said %v that it is another's, want %v\n%s", way.name, port, said, others, got.stdout)
			}
		}
	}
}

// arrival returns what waits for a probe at the target and tells its source port, or
// echo identifier.
func arrival(t *testing.T, l *lab.Lab, protocol string, ipv6 bool) func() int {
	t.Helper()
	network, at := "ip4:"+protocol, 0
	if protocol == "icmp" {
		at = 4
	}
	if ipv6 {
		network = map[string]string{"udp": "ip6:udp", "tcp": "ip6:tcp", "icmp": "ip6:ipv6-icmp"}[protocol]
	}
	var socket net.PacketConn
	if err := l.Do(lab.Target, func() (err error) {
		socket, err = net.ListenPacket(network, "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return func() int {
		defer socket.Close()
		socket.SetReadDeadline(time.Now().Add(patience))
		for b := make([]byte, 2048); ; {
			n, _, err := socket.ReadFrom(b)
			if err != nil || n < 8 {
				t.Fatalf("no probe came: %v", err)
			}
			if echo := b[0] == 8 || b[0] == 128; protocol != "icmp" || echo { // not neighbour discovery
				return int(binary.BigEndian.Uint16(b[at:]))
			}
		}
	}
}
