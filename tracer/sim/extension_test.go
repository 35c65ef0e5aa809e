package sim

import (
	"reflect"
	"testing"

	"golang.org/x/net/icmp"
)

const extensionKeys = `
mpls = [{ label = 24017, tc = 5, ttl = 1 }, { label = 3, tc = 0, ttl = 2 }]
[node.interface_info]
index = 7
name = "xe-0/0/1"
mtu = 9000
v4 = "198.18.2.1"
v6 = "2001:db8:2::1"
`

// errorBody parses an error with x/net, which knows RFC 4884.
func errorBody(t *testing.T, ipv6 bool, a testAnswer) *icmp.TimeExceeded {
	t.Helper()
	m, err := icmp.ParseMessage(pick(ipv6, 1, 58), a.body)
	must(t, err)
	body, ok := m.Body.(*icmp.TimeExceeded)
	if !ok {
		t.Fatalf("%+v is no time exceeded", m)
	}
	return body
}

func TestExtensions(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		for _, size := range []int{4, 99, 2000} {
			p := testProbe{ipv6: ipv6, ttl: 2, size: size}
			a := only(t, chain(t, extensionKeys, ""), p)
			if limit := pick(ipv6, 556, 1240); len(a.body) > limit {
				t.Errorf("size %d: error of %d bytes exceeds %d", size, len(a.body), limit)
			}
			body := errorBody(t, ipv6, a)
			assertStack(t, body.Extensions)
			assertInterface(t, ipv6, body.Extensions)
			sent := arrived(t, p)
			length := min(len(sent), len(body.Data))
			if len(body.Data) < 128 || string(body.Data[:length]) != string(sent[:length]) {
				t.Errorf("size %d: quote of %d bytes is not that of the probe", size, len(body.Data))
			}
		}
	})
}

func assertStack(t *testing.T, all []icmp.Extension) {
	t.Helper()
	want := []icmp.MPLSLabel{{Label: 24017, TC: 5, TTL: 1}, {Label: 3, S: true, TTL: 2}}
	if len(all) != 2 {
		t.Fatalf("extensions %+v, want 2", all)
	}
	if stack, ok := all[0].(*icmp.MPLSLabelStack); !ok || !reflect.DeepEqual(stack.Labels, want) {
		t.Errorf("label stack %+v, want %+v", all[0], want)
	}
}

func assertInterface(t *testing.T, ipv6 bool, all []icmp.Extension) {
	t.Helper()
	info, ok := all[1].(*icmp.InterfaceInfo)
	if !ok || info.Interface == nil || info.Addr == nil {
		t.Fatalf("interface %+v", all[1])
	}
	if i := info.Interface; i.Index != 7 || i.Name != "xe-0/0/1" || i.MTU != 9000 {
		t.Errorf("interface %+v", i)
	}
	if got, want := info.Addr.IP.String(), pick(ipv6, "198.18.2.1", "2001:db8:2::1"); got != want {
		t.Errorf("interface address %s, want %s", got, want)
	}
}

// TestLegacyExtensions: the length is left out, the quote 128 bytes long.
func TestLegacyExtensions(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		a := only(t, chain(t, "legacy_extensions = true"+extensionKeys, ""), testProbe{ipv6: ipv6, ttl: 2, size: 500})
		if a.body[4] != 0 || a.body[5] != 0 {
			t.Errorf("length %d, %d", a.body[4], a.body[5])
		}
		body := errorBody(t, ipv6, a)
		assertStack(t, body.Extensions)
	})
}

func TestNoExtensionsInPacketTooBig(t *testing.T) {
	a := only(t, chain(t, "mtu = 1280"+extensionKeys, ""), testProbe{ipv6: true, ttl: 9, size: 1300})
	if a.kind != "2/0" || a.mtu != 1280 || len(a.body) != 1240 {
		t.Errorf("%s with MTU %d of %d bytes", a.kind, a.mtu, len(a.body))
	}
}
