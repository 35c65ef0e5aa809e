package record_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// captured is a packet as another reader finds it.
type captured struct {
	gopacket.CaptureInfo
	data []byte
	in   bool
}

func capture(t *testing.T, file []byte) (all []captured) {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	if r.LinkType() != layers.LinkTypeRaw {
		t.Fatalf("link type %v", r.LinkType())
	}
	for {
		data, ci, o, err := r.ReadPacketDataWithOptions()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Comments) != 1 || o.Flags == nil {
			t.Errorf("a packet with comments %q, flags %v", o.Comments, o.Flags)
		}
		all = append(all, captured{CaptureInfo: ci, data: data, in: o.Flags.Direction == pcapgo.NgEpbFlagDirectionInbound})
	}
}

// A capture has every packet that was sent, bit for bit, and an answer for each that was
// heard, and between the two lies the round-trip time, to the nanosecond.
func TestCapture(t *testing.T) {
	everywhere(t, func(t *testing.T, r run) {
		all := capture(t, r.file)
		sent, heard := 0, 0
		for i, p := range all {
			if i > 0 && p.Timestamp.Before(all[i-1].Timestamp) {
				t.Errorf("packet %d is older than the one before", i+1)
			}
			if !p.in {
				sent++
			}
		}
		if sent != r.trace.Tally.Sent {
			t.Errorf("%d probes, and %d were sent", sent, r.trace.Tally.Sent)
		}
		if n := len(all) - sent; uint64(n) != r.trace.Counters.Answers {
			t.Errorf("%d answers of %d", n, r.trace.Counters.Answers)
		}
		for _, h := range r.trace.Hops {
			for _, p := range h.Probes {
				if p.State.Heard() {
					heard++
					match(t, r.trace, p, all)
				}
			}
		}
		if heard == 0 && r.trace.Reached() {
			t.Error("nothing was compared")
		}
	})
}

// match finds a probe among packets, and an answer its round-trip time later.
func match(t *testing.T, trace *tracer.Trace, p tracer.Probe, all []captured) {
	t.Helper()
	packet, err := trace.Packet(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.in || !bytes.Equal(c.data, packet) {
			continue
		}
		if off := c.Timestamp.Sub(p.SentAt); off < -time.Second || off > time.Second {
			t.Errorf("%v at %v, and sent at %v", p.TTL, c.Timestamp, p.SentAt)
		}
		if !answered(all, c.Timestamp.Add(p.RTT), p) {
			t.Errorf("no answer of %v %v after %v", p.Answer.From, p.RTT, c.Timestamp)
		}
		return
	}
	t.Errorf("the probe of TTL %d is not there", p.TTL)
}

func answered(all []captured, at time.Time, p tracer.Probe) bool {
	for _, c := range all {
		if !c.in || !c.Timestamp.Equal(at) {
			continue
		}
		if a, err := wire.ParseAnswer(c.data); err == nil && a.From == p.Answer.From {
			return true
		}
	}
	return false
}

// tcpdump reads it, to the nanosecond.
func TestTcpdump(t *testing.T) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("needs tcpdump")
	}
	for _, ipv6 := range []bool{false, true} {
		r := traced(t, "clean", probe.UDP{}, ipv6)
		name := filepath.Join(t.TempDir(), "run.pcapng")
		if err := os.WriteFile(name, r.file, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("tcpdump", "-nn", "-vv", "-tt", "--nano", "-r", name).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		all := capture(t, r.file)
		if n := strings.Count(string(out), "time exceeded"); n < 6 || strings.Contains(string(out), "bad") {
			t.Errorf("tcpdump sees %d errors of routers:\n%s", n, out)
		}
		for _, p := range all {
			if at := p.Timestamp.Format("05.000000000"); !strings.Contains(string(out), at[2:]+" ") {
				t.Errorf("no packet at %s", at)
			}
		}
	}
}
