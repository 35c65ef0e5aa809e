package cli_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// basePort is the destination port of the peers' flow 0, and of ours with them: flow n
// goes to the n-th port behind. Where the source port is the same too, each flow must
// take the same way.
const basePort = 33434

// peer is what another program found out.
type peer struct {
	sport int                    // 0: its flows are not ours
	links map[hopLink]bool       // at hop 0: scamper tells an interface once, whatever the hop
	paths map[int]map[int]string // by flow and hop, who answered
}

// see enters an answer.
func (p *peer) see(flow, hop int, address string) {
	if p.paths[flow] == nil {
		p.paths[flow] = map[int]string{}
	}
	p.paths[flow][hop] = address
}

// follow makes links of paths.
func (p *peer) follow() {
	p.links = map[hopLink]bool{}
	for _, path := range p.paths {
		for hop, from := range path {
			if to := path[hop+1]; to != "" {
				p.links[hopLink{0, from, to}] = true
			}
		}
	}
}

// Scamper's MDA and dublin-traceroute find the same links as --multipath, in the same
// network, and each flow takes the same way.
func TestPeersFindTheSamePaths(t *testing.T) {
	for _, tt := range []struct {
		program, of string
		families    []string
		run         func(*testing.T, *lab.Lab, string) peer
	}{
		{"scamper", "scamper", []string{"-4", "-6"}, tracelb},
		{"dublin-traceroute", "dublin-traceroute", []string{"-4"}, dublin}, // it knows IPv4 alone
	} {
		if _, err := exec.LookPath(tt.program); err != nil {
			t.Run(tt.program, func(t *testing.T) { t.Skipf("needs %s, of Debian's %s", tt.program, tt.of) })
			continue
		}
		for name, branches := range diamonds {
			for _, family := range tt.families {
				t.Run(tt.program+" "+family+" "+name, func(t *testing.T) {
					t.Parallel() // scamper waits 150 ms between probes
					b := branched(t, lab.DiamondOptions{Branches: branches})
					to, _ := b.Node(lab.Target)
					// With 99 % a node, scamper may miss a link: then it is asked again.
					for attempt := 1; ; attempt++ {
						diff := agree(t, b.Lab, family, tt.run(t, b.Lab, address(to, family == "-6").String()))
						if diff == "" {
							break
						}
						t.Logf("beside the peer's, ours %s", diff)
						if attempt == 3 {
							t.Fatal("no agreement about links")
						}
					}
				})
			}
		}
	}
}

// agree holds what a peer found against our own, and returns by which links they differ.
func agree(t *testing.T, l *lab.Lab, family string, p peer) (diff string) {
	t.Helper()
	argv := ebpftrace(family, "--multipath", certainly, "--json", "-n", "-p", strconv.Itoa(basePort))
	if p.sport != 0 {
		argv = append(argv, "--sport", strconv.Itoa(p.sport))
	}
	got := within(t, l, append(argv, "target.lab")...)
	d := got.multipath(t)
	diff = differ(hopless(d.links()), p.links)
	if p.sport == 0 {
		return diff
	}
	both := 0
	for flow, path := range p.paths {
		if flow < 0 || flow >= len(d.Flows) {
			continue
		}
		ours := d.path(flow)
		for hop, addr := range path {
			if ours[hop] != "" && ours[hop] != addr {
				t.Errorf("flow %d, hop %d: ours at %s, the peer's at %s", flow, hop, ours[hop], addr)
			}
			both++
		}
	}
	if both == 0 {
		t.Errorf("no flow is both ours and the peer's: %v", p.paths)
	}
	return diff
}

func hopless(links map[hopLink]bool) map[hopLink]bool {
	all := map[hopLink]bool{}
	for l := range links {
		all[hopLink{0, l.from, l.to}] = true
	}
	return all
}

// tracelb runs scamper's MDA, with a confidence of its own: 99 % a node. Over IPv6 it
// misses the answers to flows that differ in the destination port, so there they differ
// in the source port.
func tracelb(t *testing.T, l *lab.Lab, target string) (p peer) {
	t.Helper()
	method := "udp-dport"
	if strings.Contains(target, ":") {
		method = "udp-sport"
	}
	got := within(t, l, "scamper", "-o", "-", "-O", "json", "-I",
		fmt.Sprintf("tracelb -P %s -c 99 -W 15 -d %d %s", method, basePort, target))
	p.paths, p.links = map[int]map[int]string{}, map[hopLink]bool{}
	for line := range strings.Lines(got.stdout) {
		var d scamperTracelb
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		p.enter(d)
		if d.Method == "udp-dport" {
			p.sport = d.SourcePort
		}
	}
	return p
}

// enter takes what scamper found. Behind a node it lists sets of nodes by their
// distance; here all answer, so there is one.
func (p *peer) enter(d scamperTracelb) {
	for _, n := range d.Nodes {
		for _, set := range n.Links {
			for _, next := range set {
				for _, s := range next.Probes {
					p.see(s.Flow-basePort, s.TTL, next.Address)
					p.links[hopLink{0, n.Address, next.Address}] = true
				}
			}
		}
	}
}

// scamperTracelb is what scamper writes of an MDA.
type scamperTracelb struct {
	Method     string `json:"method"`
	SourcePort int    `json:"sport"`
	Nodes      []struct {
		Address string `json:"addr"`
		Links   [][]struct {
			Address string `json:"addr"`
			Probes  []struct {
				TTL  int `json:"ttl"`
				Flow int `json:"flowid"`
			} `json:"probes"`
		} `json:"links"`
	} `json:"nodes"`
}

// What dublin-traceroute prints: a heading for each flow, and a line for each hop.
var (
	dublinFlow = regexp.MustCompile(`^== Flow ID (\d+) ==`)
	dublinHop  = regexp.MustCompile(`^(\d+)\s+([0-9.]+) \(`)
)

// dublin runs dublin-traceroute, which tries as many flows as it is told to: enough to
// miss one of four ways once in a million runs. It writes a file where it is run.
func dublin(t *testing.T, l *lab.Lab, target string) (p peer) {
	t.Helper()
	p.sport = 12345
	command := fmt.Sprintf("cd %s && exec dublin-traceroute -s %d -d %d -n 54 -T 8 -D 1 %s", t.TempDir(), p.sport, basePort, target)
	got := within(t, l, "sh", "-c", command)
	p.paths = map[int]map[int]string{}
	flow := 0
	for line := range strings.Lines(got.stdout) {
		if m := dublinFlow.FindStringSubmatch(line); m != nil {
			flow, _ = strconv.Atoi(m[1])
		}
		if m := dublinHop.FindStringSubmatch(line); m != nil {
			hop, _ := strconv.Atoi(m[1])
			p.see(flow-basePort, hop, m[2])
		}
	}
	p.follow()
	return p
}
