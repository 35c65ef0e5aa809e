package record_test

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// late has a name for an address only when it is asked for the second time.
type late struct {
	names
	asked map[netip.Addr]int
}

func (l late) Name(a netip.Addr) (string, bool) {
	if l.asked[a]++; l.asked[a] < 2 {
		return "", false
	}
	return "gw", true
}

// A name that comes too late for what was shown is not in the file, nor in what is
// written of the run after it.
func TestNamesAreThoseTold(t *testing.T) {
	r := record.New()
	shown, missed := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	told := r.Names(late{asked: map[netip.Addr]int{}})
	told.Name(shown)
	told.Name(shown)
	told.Name(missed)
	var file bytes.Buffer
	trace := &tracer.Trace{Protocol: "udp", Flow: seedFlow}
	if err := r.Write(&file, "v1", output.Header{Protocol: "udp", Names: told}, trace, nil); err != nil {
		t.Fatal(err)
	}
	for of, names := range map[string]output.Names{"run": told, "file": read(t, file.Bytes()).Header.Names} {
		first, _ := names.Name(shown)
		second, _ := names.Name(missed)
		if first != "gw" || second != "" {
			t.Errorf("%s: %q and %q, want gw and nothing", of, first, second)
		}
	}
}
