package origin

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/ebpftrace/ebpftrace/cmd/names"
)

// book is a DNS of texts that counts its questions.
type book struct {
	texts map[string][]string
	asked atomic.Int32
}

func (b *book) LookupTXT(_ context.Context, name string) ([]string, error) {
	b.asked.Add(1)
	if texts, ok := b.texts[name]; ok {
		return texts, nil
	}
	return nil, errors.New("no such host")
}

func cymru() *book {
	return &book{texts: map[string][]string{
		"31.108.90.216.origin.asn.cymru.com": {
			"23028 | 216.90.108.0/24 | US | arin | 1998-09-25", "64500 | 216.90.0.0/16 | DE | ripencc | 1999-01-01"},
		"32.108.90.216.origin.asn.cymru.com": {"23028 64501 | 216.90.108.0/24 | US | arin | 1998-09-25"},
		"33.108.90.216.origin.asn.cymru.com": {"NA | nonsense", "", "23028 | 10.0.0.0/8 | US"},
		"8.8.8.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.8.4.0.6.8.4.1.0.0.2.origin6.asn.cymru.com": {
			"15169 | 2001:4860::/32 | US | arin | 2005-03-14"},
		"AS23028.asn.cymru.com": {"23028 | US | arin | 2002-01-04 | TEAMCYMRU, US"},
	}}
}

func TestCymru(t *testing.T) {
	for addr, want := range map[string]Origin{
		"216.90.108.31": {AS: []uint32{23028}, Name: "TEAMCYMRU, US", Prefix: netip.MustParsePrefix("216.90.108.0/24"), Country: "US"},
		"216.90.108.32": {AS: []uint32{23028, 64501}, Name: "TEAMCYMRU, US", Prefix: netip.MustParsePrefix("216.90.108.0/24"), Country: "US"},
		"216.90.108.33": {},
		"216.90.108.34": {},
		// The name of its system is not known.
		"2001:4860:4860::8888": {AS: []uint32{15169}, Prefix: netip.MustParsePrefix("2001:4860::/32"), Country: "US"},
	} {
		if got := find(t, addr, &Cymru{Resolver: cymru()}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", addr, got, want)
		}
	}
}

// What nobody announces is nobody's to know of, and a system has its name asked once.
func TestAskedNoMoreThanNeeded(t *testing.T) {
	b := cymru()
	c := New(t.Context(), names.Limits{Concurrent: 1}, &Cymru{Resolver: b})
	for _, addr := range []string{
		"10.1.2.3", "192.168.1.1", "100.64.3.4", "169.254.1.1", "127.0.0.1", "fe80::1", "fd00::1", "224.0.0.5",
		"216.90.108.31", "216.90.108.32", "216.90.108.31",
	} {
		c.Lookup(netip.MustParseAddr(addr))
	}
	if !c.Wait(30*time.Second) || b.asked.Load() != 3 {
		t.Errorf("asked %d times, want for two addresses and one system", b.asked.Load())
	}
}

// A place of a database counts more than a registry's, and its system as much.
func TestDatabase(t *testing.T) {
	systems := write(t, "systems", mmdbtype.Map{
		"autonomous_system_number": mmdbtype.Uint32(64500), "autonomous_system_organization": mmdbtype.String("EXAMPLE"),
	})
	places := write(t, "places", mmdbtype.Map{
		"country": mmdbtype.Map{"iso_code": mmdbtype.String("NL")},
		"city":    mmdbtype.Map{"names": mmdbtype.Map{"en": mmdbtype.String("Utrecht"), "de": mmdbtype.String("U.")}},
	})
	want := Origin{AS: []uint32{64500}, Name: "EXAMPLE", Prefix: netip.MustParsePrefix("216.90.0.0/16"), Country: "NL", City: "Utrecht"}
	if got := find(t, "216.90.108.31", systems, places); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := find(t, "8.8.8.8", systems, places); !reflect.DeepEqual(got, Origin{}) {
		t.Errorf("%+v, want nothing of an address that is in neither", got)
	}
	if got := find(t, "216.90.108.31", &Cymru{Resolver: cymru()}, places); !slices.Equal(got.AS, []uint32{23028}) || got.Country != "NL" {
		t.Errorf("%+v, want the system of the DNS and the place of the database", got)
	}
}

func TestOpenErrors(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.mmdb")
	if err := os.WriteFile(broken, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"/none", broken} {
		if _, err := Open(file); err == nil {
			t.Errorf("%s opens", file)
		}
	}
}

// find looks one address up.
func find(t *testing.T, addr string, sources ...Source) Origin {
	t.Helper()
	c := New(t.Context(), names.Limits{}, sources...)
	a := netip.MustParseAddr(addr)
	<-c.Lookup(a)
	o, over := c.Origin(a)
	if !over {
		t.Errorf("%s: not over", addr)
	}
	return o
}

// write makes a database with one network in it.
func write(t *testing.T, name string, value mmdbtype.Map) *Database {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: name, RecordSize: 24})
	if err != nil {
		t.Fatal(err)
	}
	_, network, _ := net.ParseCIDR("216.90.0.0/16")
	if err := tree.Insert(network, value); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), name+".mmdb"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := Open(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
