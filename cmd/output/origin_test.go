package output

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
)

// register is a set of networks that are known from the start.
type register map[string]origin.Origin

func (r register) Lookup(netip.Addr) <-chan struct{} { return book{}.Lookup(netip.Addr{}) }

func (r register) Origin(addr netip.Addr) (origin.Origin, bool) { return r[addr.String()], true }

// Networks of addresses, one of which would draw on the terminal if it could.
var networks = register{
	"192.0.2.1":   {AS: []uint32{64500}, Name: "EXAMPLE-\x1b[31mNET", Country: "NL", City: "Utrecht"},
	"203.0.113.1": {AS: []uint32{64501, 64502}, Prefix: netip.MustParsePrefix("203.0.113.0/24")},
}

// Each format that has a place for networks names them, and none acts on them.
func TestOrigins(t *testing.T) {
	for name, want := range map[string][]string{
		"table":      {"gw.example (192.0.2.1) [AS64500 EXAMPLE-\uFFFD[31mNET, NL Utrecht]  ", "(203.0.113.1) [AS64501/AS64502]  ", "(198.51.100.7)  "},
		"markdown":   {"NL Utrecht]"},
		"traceroute": {"gw.example (192.0.2.1) [AS64500]  0.084", "(203.0.113.1) [AS64501/AS64502]  5", "(198.51.100.7) [*]  12"},
		"csv":        {"AS64500,EXAMPLE-\uFFFD[31mNET,NL,Utrecht\n", "AS64501/AS64502,,,\n", ",,,\n"},
		"mtr":        {`"ASN": "AS64500"`, `"ASN": "AS64501/AS64502"`},
		"prometheus": {`ebpftrace_hop_info{target="www.example.net",address="198.51.100.7",protocol="udp",hop="1",responder="192.0.2.1",asn="AS64500",as_name="EXAMPLE-` + "\uFFFD" + `[31mNET",prefix="",country="NL",city="Utrecht"} 1` + "\n", `asn="AS64501/AS64502",as_name="",prefix="203.0.113.0/24"`},
		"json":       {`"asn": [`, `"as_name": "EXAMPLE-` + "\uFFFD" + `[31mNET"`, `"prefix": "203.0.113.0/24"`, `"city": "Utrecht"`},
	} {
		format, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		s := sampleOf(t, "clean v4")
		s.header.Origins = networks
		out := string(render(t, format, s))
		for _, text := range want {
			if !strings.Contains(out, text) {
				t.Errorf("%s: no %q in\n%s", name, text, out)
			}
		}
		if strings.Contains(out, "\x1b") {
			t.Errorf("%s: an escape in %q", name, out)
		}
	}
}

func sampleOf(t *testing.T, name string) sample {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no sample %s", name)
	return sample{}
}
