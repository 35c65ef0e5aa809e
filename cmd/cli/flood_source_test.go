package cli_test

import (
	"encoding/binary"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// flood hands frames to the client's interface as its driver would, as fast as
// the kernel takes them: BPF_PROG_TEST_RUN of an XDP program with live frames
// (Linux 5.18), which passes each of them up the stack, tcx ingress first. No
// queue is in between that could lose some, or answers. It is more than twice as
// fast as packet sockets at the other end of the link, which take the CPUs for
// sending.
type flood struct {
	lab     *lab.Lab
	program *ebpf.Program
	passed  *ebpf.Map // frames by kind, on each CPU
	index   int
	address []byte // of the interface
}

// burst is how many copies of a frame go up at a time. To begin takes the kernel
// milliseconds.
const burst = 4096

func newFlood(t testing.TB, l *lab.Lab) *flood {
	t.Helper()
	passed, err := ebpf.NewMap(&ebpf.MapSpec{Type: ebpf.PerCPUArray, KeySize: 4, ValueSize: 8, MaxEntries: 256})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { passed.Close() })
	f := &flood{lab: l, passed: passed}
	if f.program, err = ebpf.NewProgram(countAndPass(passed)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.program.Close() })
	err = l.Do(lab.Client, func() error {
		link, err := netlink.LinkByName("eth0")
		if err == nil {
			f.index, f.address = link.Attrs().Index, link.Attrs().HardwareAddr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// packet is an IP packet of some kind to flood with.
type packet struct {
	kind uint8
	ip   []byte
}

func (f *flood) frame(p packet) []byte {
	frame := append(append([]byte{}, f.address...), 2, 0, 0, 0, 0, p.kind)
	protocol := uint16(unix.ETH_P_IP)
	if p.ip[0]>>4 == 6 {
		protocol = unix.ETH_P_IPV6
	}
	return append(binary.BigEndian.AppendUint16(frame, protocol), p.ip...)
}

// frameContext is the kernel's struct xdp_md.
type frameContext struct{ Data, End, Meta, Ifindex, Queue, Egress uint32 }

// send hands up copies of a packet: that many, or more if a signal interrupts. The
// calling thread has to be in the client's namespace.
func (f *flood) send(p packet, copies int) error {
	frame := f.frame(p)
	_, err := f.program.Run(&ebpf.RunOptions{
		Data: frame, Repeat: uint32(copies), Flags: unix.BPF_F_TEST_XDP_LIVE_FRAMES,
		Context: frameContext{End: uint32(len(frame)), Ifindex: uint32(f.index)},
	})
	return err
}

// sent is how many frames have been handed up so far, by kind.
func (f *flood) sent(t testing.TB) (sums [256]uint64) {
	t.Helper()
	for kind := range sums {
		var each []uint64
		if err := f.passed.Lookup(uint32(kind), &each); err != nil {
			t.Fatal(err)
		}
		for _, n := range each {
			sums[kind] += n
		}
	}
	return sums
}

// during floods with what next returns, from as many threads as there are CPUs,
// while do runs. It returns what was sent, by kind, and how long that took.
func (f *flood) during(t testing.TB, next func() packet, do func()) (sent [256]uint64, took time.Duration) {
	t.Helper()
	var ended atomic.Bool
	var all sync.WaitGroup
	before, begun := f.sent(t), time.Now()
	for range runtime.NumCPU() {
		all.Go(func() {
			err := f.lab.Do(lab.Client, func() (err error) {
				for err == nil && !ended.Load() && time.Since(begun) < patience {
					err = f.send(next(), burst)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	do()
	ended.Store(true)
	all.Wait()
	took = time.Since(begun)
	sent = f.sent(t)
	for kind := range sent {
		sent[kind] -= before[kind]
	}
	return sent, took
}
