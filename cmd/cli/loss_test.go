package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// lossDocument is what these tests look at in the JSON output.
type lossDocument struct {
	Loss    []verdict `json:"loss"`
	Changes []struct {
		Hops []int  `json:"hops"`
		From string `json:"from"`
		To   string `json:"to"`
	} `json:"path_changes"`
}

type verdict struct {
	Verdict  string                   `json:"verdict"`
	TTL      int                      `json:"ttl"`
	First    int                      `json:"first"`
	Last     int                      `json:"last"`
	Here     struct{ Lost, Sent int } `json:"here"`
	Evidence string                   `json:"evidence"`
}

func (o outcome) loss(t *testing.T) (d lossDocument) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil || o.status != 0 {
		t.Fatalf("status %d, %v\n%s%s", o.status, err, o.stdout, o.stderr)
	}
	return d
}

// at returns the verdict of a kind that is about a hop, and what else there is.
func (d lossDocument) at(kind string, hop int) (v verdict, others []verdict, ok bool) {
	for _, w := range d.Loss {
		if w.Verdict == kind && (w.TTL == hop || w.First != 0 && w.First <= hop && hop <= w.Last) {
			v, ok = w, true
			continue
		}
		others = append(others, w)
	}
	return v, others, ok
}

// limit has a router send one ICMP error a second to each host, as kernels do unless
// they are told otherwise: after a burst of six with IPv4.
func limit(t *testing.T, l *lab.Lab, node string) {
	t.Helper()
	do(t, l, node, func() error {
		return errors.Join(
			os.WriteFile("/proc/sys/net/ipv4/icmp_ratelimit", []byte("1000"), 0),
			os.WriteFile("/proc/sys/net/ipv4/icmp_ratemask", []byte("6168"), 0),
			os.WriteFile("/proc/sys/net/ipv6/icmp/ratelimit", []byte("1000"), 0),
			os.WriteFile("/proc/sys/net/ipv6/icmp/ratemask", []byte("0-1,3-127"), 0))
	})
}

// drop has a node drop some of the packets that it forwards.
func drop(t *testing.T, l *lab.Lab, node, which string, percent int) {
	t.Helper()
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to lose packets")
	}
	rules := fmt.Sprintf("table inet f { chain f { type filter hook forward priority 0; %s numgen random mod 100 < %d drop; }; }", which, percent)
	if got := at(t, l, node, "nft", rules); got.status != 0 {
		t.Fatalf("nft: %s", got.stderr)
	}
}

// The kernel's own limit is told as such, and never as packet loss: it shows at the
// router that has it, or at all of them and the target.
func TestKernelLimits(t *testing.T) {
	for _, flags := range []string{"-4", "-6"} {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			l := chain(t, 4)
			limit(t, l, "r2")
			d := within(t, l, ebpftrace(flags, "--json", "-n", "--loss", "target.lab")...).loss(t)
			if v, others, ok := d.at("limits", 2); !ok || v.Here.Lost < 10 || others != nil {
				t.Errorf("%+v, want hop 2 to limit its answers and nothing else", d.Loss)
			}
		})
	}
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		l := chain(t, 3)
		for _, n := range l.Nodes()[1:] {
			limit(t, l, n.Name)
		}
		d := within(t, l, ebpftrace("-4", "--json", "-n", "--loss", "target.lab")...).loss(t)
		for hop := 1; hop <= 4; hop++ {
			if _, _, ok := d.at("limits", hop); !ok || len(d.Loss) != 4 {
				t.Errorf("%+v, want hop %d to limit its answers", d.Loss, hop)
			}
		}
	})
}

// Packets that a router drops on their way out are missed from the next hop on; so
// are answers that it drops on their way back. Answers of one hop alone are not.
func TestRealLoss(t *testing.T) {
	for name, tt := range map[string]struct {
		flags, which string // formats of target's, client's and r3's address
		want         string
		hop          int
	}{
		"out 4":        {"-4", "ip daddr %[1]v", "loss", 3},
		"out 6":        {"-6", "ip6 daddr %[1]v", "loss", 3},
		"out tcp":      {"-4 -T", "ip daddr %[1]v", "loss", 3},
		"back":         {"-4", "ip daddr %[2]v", "loss", 3},
		"one's answer": {"-4", "ip saddr %[3]v", "answers", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := chain(t, 4)
			ipv6 := tt.flags == "-6"
			nodes := l.Nodes()
			drop(t, l, "r2", fmt.Sprintf(tt.which+"%.0[1]v%.0[2]v%.0[3]v", address(nodes[5], ipv6), address(nodes[0], ipv6), address(nodes[3], ipv6)), 40)
			d := within(t, l, ebpftrace(tt.flags, "--json", "-n", "-q", "100", "target.lab")...).loss(t)
			v, others, ok := d.at(tt.want, tt.hop)
			if rate := float64(v.Here.Lost) / float64(v.Here.Sent); !ok || rate < 0.25 || rate > 0.55 {
				t.Errorf("%+v, want %s of about 0.4 at hop %d", d.Loss, tt.want, tt.hop)
			}
			if slices.ContainsFunc(others, func(v verdict) bool { return v.Verdict != "loss" || v.TTL <= tt.hop || tt.want != "loss" }) {
				t.Errorf("beside %s at hop %d: %+v", tt.want, tt.hop, others)
			}
		})
	}
}

// A queue that is full drops probes before the driver gets them: no hop loses any.
func TestLocalDrops(t *testing.T) {
	if timing := best(t); timing != "kernel" && timing != "driver+tcx" {
		t.Skipf("stamps of %s don't tell the driver's queue from the network", timing)
	}
	l := chain(t, 2)
	// Room for two probes in the bucket and one in the queue: of the others that leave
	// within 9 ms, all are dropped.
	throttle(t, l, 100)
	d := within(t, l, ebpftrace("-4", "--json", "-n", "-q", "10", "target.lab")...).loss(t)
	v, others, ok := d.at("local", 0)
	if !ok || v.Here.Lost == 0 || v.Here.Lost >= v.Here.Sent || others != nil {
		t.Errorf("%+v, want drops of this host and nothing else", d.Loss)
	}
}

// The verdicts of a whole run of the program, and changes of path, through a network
// that does what kernel routers don't.
func TestPathChange(t *testing.T) {
	needsRoot(t)
	s := simtest.Load(t, "change_once")
	front, err := lab.Simulated(t.Context(), s, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer front.Close()
	d := within(t, front.Lab, ebpftrace("-4", "--json", "-n", "-q", "20", "target.lab")...).loss(t)
	if len(d.Changes) != 1 || d.Changes[0].Hops[0] != 3 || d.Changes[0].From != "198.18.3.1" || d.Changes[0].To != "198.18.3.2" {
		t.Errorf("%+v, want one change at hop 3", d.Changes)
	}
}
