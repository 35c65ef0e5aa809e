package loader

import (
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/rlimit"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// What a foreign program returns: go on with the next one, or let the packet pass
// (TC_ACT_UNSPEC or TCX_NEXT, and TC_ACT_OK).
const (
	goOn     = -1
	endChain = 0
)

// counter is a foreign program that counts the IPv4 packets that it sees.
type counter struct {
	program *ebpf.Program
	seen    *ebpf.Map
}

func newCounter(t *testing.T, verdict int32) counter {
	t.Helper()
	must(t, rlimit.RemoveMemlock())
	seen, err := ebpf.NewMap(&ebpf.MapSpec{Type: ebpf.Array, KeySize: 4, ValueSize: 8, MaxEntries: 1})
	must(t, err)
	ipv4 := binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, unix.ETH_P_IP))
	program, err := ebpf.NewProgram(&ebpf.ProgramSpec{Name: "foreign", Type: ebpf.SchedCLS, Instructions: asm.Instructions{
		asm.LoadMem(asm.R2, asm.R1, 16, asm.Word), // struct __sk_buff: protocol
		asm.JNE.Imm(asm.R2, int32(ipv4), "out"),
		asm.LoadMapValue(asm.R1, seen.FD(), 0),
		asm.Mov.Imm(asm.R2, 1),
		asm.StoreXAdd(asm.R1, asm.R2, asm.DWord),
		asm.Mov.Imm(asm.R0, verdict).WithSymbol("out"),
		asm.Return(),
	}})
	must(t, err)
	t.Cleanup(func() { program.Close(); seen.Close() })
	return counter{program, seen}
}

// count returns how many packets it has seen.
func (c counter) count(t *testing.T) (n uint64) {
	t.Helper()
	must(t, c.seen.Lookup(uint32(0), &n))
	return n
}

// hang attaches a foreign program in front of those that are there.
func hang(t *testing.T, n *network, hooks Hooks, where ebpf.AttachType, c counter) {
	t.Helper()
	if hooks == Clsact {
		hangClsact(t, n, where, c)
		return
	}
	l, err := link.AttachTCX(link.TCXOptions{
		Interface: n.index, Program: c.program, Attach: where, Anchor: link.Head(),
	})
	must(t, err)
	t.Cleanup(func() { l.Close() })
}

// hangClsact makes the discipline if need be. It goes with the interface.
func hangClsact(t *testing.T, n *network, where ebpf.AttachType, c counter) {
	t.Helper()
	must(t, addClsact(n.index))
	must(t, netlink.FilterAdd(&netlink.BpfFilter{
		FilterAttrs: netlink.FilterAttrs{
			LinkIndex: n.index, Parent: uint32(parents[where]), Priority: 1, Protocol: unix.ETH_P_ALL,
		},
		Fd: c.program.FD(), Name: "foreign", DirectAction: true,
	}))
}

func addClsact(index int) error {
	err := netlink.QdiscAdd(&netlink.Clsact{QdiscAttrs: netlink.QdiscAttrs{
		LinkIndex: index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_CLSACT,
	}})
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}
