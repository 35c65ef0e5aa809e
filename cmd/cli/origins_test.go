package cli_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// The networks of the hops come from a database, though the trace has given up every
// privilege; a file that is none ends it before anything is sent.
func TestNetworksOfHops(t *testing.T) {
	l := chain(t, 1)
	file := database(t)
	got := within(t, l, ebpftrace("-4 -n --asn-db "+file, "target.lab")...)
	if got.status != 0 || strings.Count(got.stdout, "[AS64500 EXAMPLE]") != 2 {
		t.Errorf("status %d, want the network of both hops\n%s%s", got.status, got.stdout, got.stderr)
	}
	live := within(t, l, ebpftrace("live -r -c 2 -i 0.05 -4 -n --asn-db "+file, "target.lab")...)
	if live.status != 0 || strings.Count(live.stdout, " AS64500 ") != 2 {
		t.Errorf("live: status %d, want the network of both hops\n%s%s", live.status, live.stdout, live.stderr)
	}
	// Nobody answers for the DNS there.
	got = within(t, l, ebpftrace("-4 -n -A", "target.lab")...)
	if got.status != 0 || !strings.HasPrefix(got.stderr, "ebpftrace: -A: ") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d, %q, want a line that says why there are no networks", got.status, got.stderr)
	}
	got = within(t, l, ebpftrace("--geo-db /etc/passwd", "target.lab")...)
	if got.status != 2 || !strings.Contains(got.stderr, "--geo-db: database /etc/passwd: ") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d, %q, want a line about the file", got.status, got.stderr)
	}
}

// database writes one that knows the lab's addresses.
func database(t *testing.T) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "systems", RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	_, lab, _ := net.ParseCIDR("198.18.0.0/15")
	if err := tree.Insert(lab, mmdbtype.Map{
		"autonomous_system_number": mmdbtype.Uint32(64500), "autonomous_system_organization": mmdbtype.String("EXAMPLE"),
	}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "systems.mmdb")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := tree.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	return name
}
