package cli_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// boxFindings is the part of the JSON output that tells of boxes on the way.
type boxFindings struct {
	Changes []struct {
		Field, From, To string
		After, Before   boxPlace
		Probes          int
		Of              int `json:"of_probes"`
	}
	NAT []struct {
		After, Before boxPlace
		Shown         []string `json:"shown_by"`
	}
	Repeats []struct {
		First, Last boxPlace
		Verdict     string
	} `json:"repeated_addresses"`
}

type boxPlace struct {
	TTL     int
	Address string
}

// lines tells all of it, a line each, by TTLs.
func (f boxFindings) lines() (all []string) {
	for _, n := range f.NAT {
		all = append(all, fmt.Sprintf("%d-%d nat by %s", n.After.TTL, n.Before.TTL, strings.Join(n.Shown, ",")))
	}
	for _, c := range f.Changes {
		line := fmt.Sprintf("%d-%d %s %s>%s", c.After.TTL, c.Before.TTL, c.Field, c.From, c.To)
		switch c.Field { // what is sent is random
		case "checksum":
			line = fmt.Sprintf("%d-%d checksum", c.After.TTL, c.Before.TTL)
		case "flow_label":
			line = fmt.Sprintf("%d-%d flow_label >%s", c.After.TTL, c.Before.TTL, c.To)
		}
		if c.Probes != c.Of {
			line += fmt.Sprintf(" in %d of %d", c.Probes, c.Of)
		}
		all = append(all, line)
	}
	for _, r := range f.Repeats {
		all = append(all, fmt.Sprintf("%d-%d %s", r.First.TTL, r.Last.TTL, r.Verdict))
	}
	return all
}

// boxRules sets up nftables at routers of the lab.
func boxRules(t *testing.T, l *lab.Lab, all map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to be a box on the way")
	}
	for node, text := range all {
		if text == "" {
			continue
		}
		if got := at(t, l, node, "nft", text); got.status != 0 {
			t.Fatalf("nft at %s: %s", node, got.stderr)
		}
	}
}

const (
	remark = "table inet m { chain f { type filter hook forward priority 0; ip dscp set cs1; ip6 dscp set cs1; }; }"
	bleach = "table inet m { chain f { type filter hook forward priority 0; ip ecn set not-ect; ip6 ecn set not-ect; }; }"
	// fragment lets packets be fragmented, relabel makes one flow of all.
	fragment = "table ip m { chain f { type filter hook forward priority 0; ip frag-off set 0; }; }"
	relabel  = "table ip6 m { chain f { type filter hook forward priority 0; ip6 flowlabel set 0x77; }; }"
	clamp    = "table inet m { chain f { type filter hook forward priority 0; tcp flags syn tcp option maxseg size set 1200; }; }"
	// masquerade is Linux's usual translator, with other ports.
	masquerade = "table inet m { chain p { type nat hook postrouting priority 100; oifname eth1 masquerade random; }; }"
	// redirect is one of destinations.
	redirect = "table inet m { chain p { type nat hook prerouting priority -100; " +
		"ip daddr 198.18.5.9 dnat to 198.18.5.2; ip6 daddr 2001:db8:5::9 dnat to 2001:db8:5::2; }; }"
	// stateless is a translator without connections, which leaves quotes alone.
	stateless = "table ip m { " +
		"chain o { type filter hook postrouting priority 0; oifname eth1 ip saddr 198.18.1.1 ip saddr set 198.18.3.1; }; " +
		"chain i { type filter hook prerouting priority -300; iifname eth1 ip daddr 198.18.3.1 ip daddr set 198.18.1.1; }; }"
	// partial restores the source address in quotes besides, and no checksum. Nft
	// can't work out the message's checksum anew, so the quoted TTL makes up for
	// the difference: two more for an address whose third byte is two less. It
	// is 2 already where partialToo has done the same.
	partial = "table ip m { " +
		"chain o { type filter hook postrouting priority 0; oifname eth1 ip saddr 198.18.1.1 ip saddr set 198.18.3.1; }; " +
		"chain i { type filter hook prerouting priority -300; " +
		"iifname eth1 ip daddr 198.18.3.1 icmp type { time-exceeded, destination-unreachable } @th,128,8 2 @th,160,32 set 0xc6120101 @th,128,8 set 4; " +
		"iifname eth1 ip daddr 198.18.3.1 icmp type { time-exceeded, destination-unreachable } @th,128,8 1 @th,160,32 set 0xc6120101 @th,128,8 set 3; " +
		"iifname eth1 ip daddr 198.18.3.1 ip daddr set 198.18.1.1; }; }"
	// partialToo stands behind partial, at the next router.
	partialToo = "table ip m { " +
		"chain o { type filter hook postrouting priority 0; oifname eth1 ip saddr 198.18.3.1 ip saddr set 198.18.4.1; }; " +
		"chain i { type filter hook prerouting priority -300; " +
		"iifname eth1 ip daddr 198.18.4.1 icmp type { time-exceeded, destination-unreachable } @th,160,32 set 0xc6120301 @th,128,8 set 2; " +
		"iifname eth1 ip daddr 198.18.4.1 ip daddr set 198.18.3.1; }; }"
)

// What real boxes do to real packets is found, all of it and nothing else, and
// where they do it.
func TestBoxes(t *testing.T) {
	tests := []struct {
		name   string
		rules  map[string]string
		target string // by family; empty: the target's own name
		want   map[string][]string
	}{
		{name: "none", want: map[string][]string{"": nil}},
		{name: "remarked and bleached", rules: map[string]string{"r2": remark, "r3": bleach}, want: map[string][]string{
			"": {"2-3 dscp 46>8", "3-4 ecn ect0>not-ect"},
		}},
		{name: "DF cleared and flow label rewritten", rules: map[string]string{"r1": fragment + "\n" + relabel}, want: map[string][]string{
			"udp4": {"1-2 df 1>0"}, "icmp4": {"1-2 df 1>0"}, "tcp4": {"1-2 df 1>0"}, "": {"1-2 flow_label >0x00077"},
		}},
		{name: "MSS clamp", rules: map[string]string{"r1": clamp}, want: map[string][]string{
			"tcp4": {"1-2 tcp_mss 1460>1200"}, "tcp6": {"1-2 tcp_mss 1440>1200"}, "": nil,
		}},
		// Connection tracking restores quotes to the bit, so that nothing is
		// left to see.
		{name: "masquerade", rules: map[string]string{"r2": masquerade}, want: map[string][]string{"": nil}},
		{name: "redirect", rules: map[string]string{"r2": redirect}, target: "9", want: map[string][]string{
			"": {"1-2 nat by answer_source", "2-5 different_boxes"},
		}},
		{name: "stateless", rules: map[string]string{"r2": stateless}, want: map[string][]string{
			"udp4":  {"2-3 nat by source_address", "2-3 source_address 198.18.1.1>198.18.3.1"},
			"tcp4":  {"2-3 nat by source_address", "2-3 source_address 198.18.1.1>198.18.3.1"},
			"icmp4": {"2-3 nat by source_address", "2-3 source_address 198.18.1.1>198.18.3.1"},
			"":      nil,
		}},
		{name: "restored in part", rules: map[string]string{"r2": partial}, want: map[string][]string{
			"udp4": {"2-3 nat by checksum", "2-3 checksum"},
			"tcp4": {"2-3 nat by checksum", "2-3 checksum"},
			"":     nil, // an echo request's checksum covers no addresses
		}},
		{name: "two, restored in part", rules: map[string]string{"r2": partial, "r3": partialToo}, want: map[string][]string{
			"udp4": {"2-3 nat by checksum", "3-4 nat by checksum", "2-3 checksum", "3-4 checksum"},
			"tcp4": {"2-3 nat by checksum", "3-4 nat by checksum", "2-3 checksum", "3-4 checksum"},
			"":     nil,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := chain(t, 4)
			boxRules(t, l, tt.rules)
			for _, way := range ways {
				want, special := tt.want[way.name]
				if !special {
					want = tt.want[""]
				}
				target := "target.lab"
				if tt.target != "" {
					target = map[bool]string{false: "198.18.5.", true: "2001:db8:5::"}[strings.HasSuffix(way.name, "6")] + tt.target
				}
				got := within(t, l, ebpftrace(way.flags, "--json", "-n", "-F", "--dscp", "ef", "--ecn", "ect0", target)...)
				if d := got.document(t); !d.Reached || len(d.Hops) != 5 {
					t.Errorf("%s: reached %v in %d hops\n%s", way.name, d.Reached, len(d.Hops), got.stderr)
				}
				if f := boxesOf(t, got); !slices.Equal(f.lines(), want) {
					t.Errorf("%s: %q, want %q", way.name, f.lines(), want)
				}
			}
		})
	}
}

// People are told in one line that there is something, and all of it when they
// ask; an ordinary user, that he cannot know.
func TestBoxesInText(t *testing.T) {
	l := chain(t, 3)
	boxRules(t, l, map[string]string{"r2": remark})
	hint := "on the way: DSCP changed (--diff shows where)\n"
	all := "header change: DSCP 46 -> 8 between hops 2 (198.18.2.2) and 3 (198.18.3.2)\n"
	back := " 3  3 hops back, reply TTL 62 of 64\n"
	target := l.Nodes()[4].V4.String()
	for _, tt := range []struct{ flags, with, without string }{
		{"-n --dscp ef", hint, all}, {"-n -t 184 --diff", all, hint},
		{"-n --diff", "header change: DSCP 0 -> 8", hint}, {"-n", hint, back}, {"-n --back", back, all},
		{"-n --timing user --diff --dscp EF", all, hint},
	} {
		got := within(t, l, ebpftrace(tt.flags, target)...)
		if !strings.Contains(got.stdout, tt.with) || strings.Contains(got.stdout, tt.without) {
			t.Errorf("%s: want %q and not %q in\n%s%s", tt.flags, tt.with, tt.without, got.stdout, got.stderr)
		}
	}
	got := asNobody(t, l, nil, "-n", "--diff", "--dscp", "ef", target)
	if !strings.Contains(got.stdout, "header changes: unknown, for an ordinary user's sockets") || strings.Contains(got.stdout, all) {
		t.Errorf("as nobody:\n%s%s", got.stdout, got.stderr)
	}
}

// What keeps answers from being joined to their probes hides the hops behind it,
// and every one of those answers is counted: ports that stay rewritten in quotes,
// and over IPv6, where no identification helps, addresses.
func TestBoxesThatHide(t *testing.T) {
	l := chain(t, 3)
	boxRules(t, l, map[string]string{"r1": "table inet m { " +
		"chain o { type filter hook postrouting priority 0; oifname eth1 meta l4proto udp ip version 4 udp sport set 5; " +
		"oifname eth1 ip6 saddr 2001:db8:1::1 ip6 saddr set 2001:db8:1::77; }; " +
		"chain i { type filter hook prerouting priority -300; iifname eth1 ip6 daddr 2001:db8:1::77 ip6 daddr set 2001:db8:1::1; }; }"})
	for _, flags := range []string{"-4", "-6"} {
		got := within(t, l, ebpftrace(flags, "--json", "-n", "-m", "3", "-q", "1", "target.lab")...)
		d := got.document(t)
		if len(d.Hops) != 3 || d.Hops[0].Probes[0].Status != "answered" || d.Hops[1].Probes[0].Status != "lost" || d.Counters["unmatched"]+d.Counters["foreign"] != 2 {
			t.Errorf("%s: %+v, counters %v\n%s", flags, d.Hops, d.Counters, got.stderr)
		}
		if f := boxesOf(t, got).lines(); len(f) != 0 {
			t.Errorf("%s: found %q", flags, f)
		}
	}
}
