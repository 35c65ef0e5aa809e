package cli_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// footprint is what a process has taken, in bytes.
type footprint struct {
	resident int // the most so far
	maps     int // in the kernel, now
	ring     int // all that has ever been put into the ring buffer
}

func (f footprint) String() string {
	return fmt.Sprintf("%.1f MiB resident at the most, maps of %d KiB, %d bytes through the ring buffer",
		float64(f.resident)/(1<<20), f.maps>>10, f.ring)
}

// footprint reads /proc/PID/status and /proc/PID/fdinfo.
func (p *process) footprint(t *testing.T) (f footprint) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/", p.Process.Pid)
	f.resident = field(dir+"status", "VmHWM:") << 10 // it says kB
	files, err := filepath.Glob(dir + "fdinfo/*")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{0: true} // what is no map
	for _, file := range files {
		id := field(file, "map_id:")
		if seen[id] {
			continue
		}
		seen[id] = true
		f.maps += field(file, "memlock:")
		if ebpf.MapType(field(file, "map_type:")) == ebpf.RingBuf {
			f.ring = written(t, ebpf.MapID(id))
		}
	}
	return f
}

// field returns the number behind a name in a file of /proc, or 0.
func field(file, name string) (n int) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0 // closed meanwhile
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			fmt.Sscan(rest, &n)
		}
	}
	return n
}

// written returns how many bytes the programs have ever put into a ring buffer:
// the producer's position, on the second page of its memory (kernel: struct
// bpf_ringbuf).
func written(t *testing.T, id ebpf.MapID) int {
	t.Helper()
	ring, err := ebpf.NewMapFromID(id)
	if err != nil {
		t.Fatal(err)
	}
	defer ring.Close()
	page, err := unix.Mmap(ring.FD(), int64(os.Getpagesize()), os.Getpagesize(), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(page)
	return int(binary.NativeEndian.Uint64(page))
}
