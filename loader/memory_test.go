package loader

import (
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// What a slot takes (bpf/maps.h): a struct probe in the map probes, and in armed an
// element (kernel: struct htab_elem of 48 bytes, key and value of 8 each) and a
// bucket (kernel: struct bucket).
const slotBytes = 64 + (48 + 8 + 8) + 16

// ceiling is how much of the kernel's memory a session may take, in bytes: for its
// slots; for the ring, and two pointers to each of its pages, since it is mapped
// twice over; on each CPU for scratch and counters, and a spare element of armed;
// and for the programs, their code and their constants.
func ceiling(t *testing.T, o Options) uint64 {
	t.Helper()
	cpus, err := ebpf.PossibleCPU()
	must(t, err)
	const perCPU, fixed = 4 << 10, 96 << 10
	return uint64(o.Slots)*slotBytes + uint64(o.RingBytes) + uint64(o.RingBytes)/256 + uint64(cpus)*perCPU + fixed
}

// However many packets come, a session takes no more than what it took at first:
// all is allocated before.
func TestMemoryIsBounded(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		for _, o := range []Options{{}, {Slots: maxSlots, RingBytes: 1 << 20}} {
			o = o.withDefaults()
			tr := n.traceWith(t, probe.UDP{}, false, o)
			got, most := n.objects(t).memory(t), ceiling(t, o)
			t.Logf("%d slots, ring of %d bytes: %d bytes, at most %d", o.Slots, o.RingBytes, got, most)
			if least := uint64(o.Slots)*64 + uint64(o.RingBytes); got > most || got < least {
				t.Errorf("%d bytes are not between %d and %d", got, least, most)
			}
			must(t, tr.Close())
		}
	})
}

// memory returns how many bytes it is, as the kernel says.
func (o objects) memory(t *testing.T) (bytes uint64) {
	t.Helper()
	for _, id := range o.programs {
		p, err := ebpf.NewProgramFromID(id)
		must(t, err)
		info, err := p.Info()
		must(t, err)
		n, _ := info.Memlock()
		bytes += n
		p.Close()
	}
	for _, id := range o.maps {
		m, err := ebpf.NewMapFromID(id)
		must(t, err)
		bytes += mapMemory(t, m)
		m.Close()
	}
	return bytes
}

func mapMemory(t *testing.T, m *ebpf.Map) uint64 {
	t.Helper()
	info, err := m.Info()
	must(t, err)
	if info.Flags&unix.BPF_F_NO_PREALLOC != 0 {
		t.Errorf("map %s grows as it is filled", info.Name)
	}
	bytes, ok := info.Memlock()
	if !ok && info.Type == ebpf.RingBuf { // Linux 5.11 to 6.3 leave it out
		return uint64(info.MaxEntries)
	}
	return bytes
}
