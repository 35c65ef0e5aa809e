package cli_test

import (
	"encoding/binary"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// residentLimit is the most that a trace with default settings may ever have
// resident, in bytes. Measured: 28 MiB once the programs are attached, the reading of
// the kernel's BTF included, and 36 MiB when the garbage collector had to run for
// copies that came by the hundred thousand. What a trace keeps is its own 90 probes;
// the rest is room for a larger BTF and more CPUs.
const residentLimit = 48 << 20

// mapLimit is the most that the maps of a trace may take in the kernel, in bytes: the
// ring buffer, of 1 MiB and some pages; slots, a power of two from twice the probes
// on, with less than 200 bytes each in an array and a hash table; and on each CPU a
// page for counters and one where an event is put together. None of them ever grows.
func mapLimit(slots int) int { return 1<<20 + 16*4096 + 200*slots + runtime.NumCPU()*2*4096 }

// The slots of a trace with default settings, and the most that there can be.
const (
	slotsDefault = 256
	slotsMost    = 1 << 16
)

func checkFootprint(t *testing.T, what string, f footprint, slots int) {
	t.Helper()
	t.Logf("%s: %v", what, f)
	if f.resident == 0 || f.resident > residentLimit {
		t.Errorf("%s: %d bytes resident, want %d at the most", what, f.resident, residentLimit)
	}
	if f.maps == 0 || f.maps > mapLimit(slots) {
		t.Errorf("%s: maps of %d bytes, want %d at the most", what, f.maps, mapLimit(slots))
	}
}

// recordLimit is the most that one answer takes in the ring buffer, the record's
// header included, in bytes.
var recordLimit = binary.Size(bpf.KernelEvent{}) + 8

// slowly starts the program as it is shipped on a trace that takes its time: a probe
// each fifth of a second, or as the flags say. It returns when its programs are
// attached.
func slowly(t *testing.T, l *lab.Lab, flags ...string) *process {
	t.Helper()
	nodes := l.Nodes()
	w := who{file: builtProgram(t)}
	p := w.command(append([]string{"-n", "--json", "-z", "0.2", nodes[len(nodes)-1].V4.String()}, flags...)...).startAt(t, l)
	await(t, "a program at egress", func() bool { return len(hooked(t, l)) == 2 })
	return p
}

// A trace counts each foreign packet of a flood that comes while it runs: as
// foreign or malformed if it is an ICMP error. None gets into the ring buffer,
// and memory does not grow.
func TestFloodIsCounted(t *testing.T) {
	needsKernel(t, 6, 6, "tcx")
	l := chain(t, 2)
	f := newFlood(t, l)
	p := slowly(t, l)
	before := p.footprint(t)
	sent, took := f.during(t, newForeigners(t, l).next, func() { time.Sleep(800 * time.Millisecond) })
	after := p.footprint(t)
	if err := p.Process.Signal(unix.Signal(0)); err != nil {
		t.Fatalf("the trace ended before the flood: %v", err)
	}
	got := p.end(t)
	d := got.document(t)
	checkComplete(t, l, d, expected{"flooded", "-4", "kernel"})
	want := map[string]int{
		"unmatched": 0, "foreign": int(sent[kindForeign] + sent[kindNear]), "malformed": int(sent[kindCut]),
		"answers": d.Counters["probes_sent"], "overflow": 0, "duplicates": 0,
	}
	for name, n := range want {
		if d.Counters[name] != n {
			t.Errorf("%s: %d, want %d", name, d.Counters[name], n)
		}
	}
	t.Logf("%d about others and %d malformed in %v, beside %d echo replies", want["foreign"], want["malformed"], took, sent[kindEcho])
	t.Logf("before: %v", before)
	checkFootprint(t, "after", after, slotsDefault)
	if most := d.Counters["answers"] * recordLimit; after.ring == 0 || after.ring > most {
		t.Errorf("%d bytes went through the ring buffer, want %d at the most for our own answers", after.ring, most)
	}
}

// The longest trace that may be asked for has its room from the start, and begins as
// small as any other.
func TestLargestFootprint(t *testing.T) {
	p := waiting(t, silence(t), who{file: builtProgram(t)}, "-m", "255", "-q", "100")
	checkFootprint(t, "255 hops of 100 probes", p.footprint(t), slotsMost)
	p.signal(t, unix.SIGINT)
	p.end(t)
}
