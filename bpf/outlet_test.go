package bpf

import (
	"errors"
	"net"
	"runtime"
	"testing"
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// outlet is a device that packets leave by and go nowhere, in a namespace that
// the test's thread is in, and a socket to send them with.
type outlet struct {
	fd     int
	index  int
	cookie uint64
}

func newOutlet(tb testing.TB) *outlet {
	tb.Helper()
	needRoot(tb)
	runtime.LockOSThread()
	home, err := netns.Get()
	must(tb, err)
	away, err := netns.New()
	must(tb, err)
	tb.Cleanup(func() {
		must(tb, netns.Set(home))
		home.Close()
		away.Close()
		runtime.UnlockOSThread()
	})
	o := &outlet{index: addDevice(tb)}
	o.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	must(tb, err)
	tb.Cleanup(func() { unix.Close(o.fd) })
	o.cookie, err = unix.GetsockoptUint64(o.fd, unix.SOL_SOCKET, unix.SO_COOKIE)
	must(tb, err)
	return o
}

// addDevice makes the default route lead into a veth pair, which asks nobody for
// addresses and whose other end has none.
func addDevice(tb testing.TB) int {
	tb.Helper()
	must(tb, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "outlet"}, PeerName: "void"}))
	void, err := netlink.LinkByName("void")
	must(tb, err)
	must(tb, netlink.LinkSetUp(void))
	l, err := netlink.LinkByName("outlet")
	must(tb, err)
	must(tb, netlink.LinkSetARPOff(l))
	must(tb, netlink.AddrAdd(l, &netlink.Addr{IPNet: &net.IPNet{IP: ipv4.source, Mask: net.CIDRMask(8, 32)}}))
	must(tb, netlink.LinkSetUp(l))
	must(tb, netlink.RouteAdd(&netlink.Route{LinkIndex: l.Attrs().Index, Dst: &net.IPNet{IP: net.IPv4zero, Mask: net.CIDRMask(0, 32)}}))
	return l.Attrs().Index
}

// transmit sends a whole IPv4 packet.
func (o *outlet) transmit(tb testing.TB, packet []byte) {
	tb.Helper()
	must(tb, unix.Sendto(o.fd, packet, 0, &unix.SockaddrInet4{Addr: [4]byte(ipv4.target)}))
}

// tag puts a VLAN tag onto every packet that leaves.
func (o *outlet) tag(tb testing.TB) {
	tb.Helper()
	const proto, id = 0x0081, 7 // ETH_P_8021Q in network order, on little endian
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type: ebpf.SchedCLS, License: "Dual MIT/GPL",
		Instructions: asm.Instructions{
			asm.Mov.Imm(asm.R2, proto), asm.Mov.Imm(asm.R3, id), asm.FnSkbVlanPush.Call(),
			asm.Mov.Imm(asm.R0, -1), asm.Return(),
		},
	})
	must(tb, err)
	tb.Cleanup(func() { prog.Close() })
	l, err := link.AttachTCX(link.TCXOptions{Interface: o.index, Program: prog, Attach: ebpf.AttachTCXEgress})
	if errors.Is(err, ebpf.ErrNotSupported) {
		tb.Skipf("this kernel has no tcx to push the tag with: %v", err)
	}
	must(tb, err)
	tb.Cleanup(func() { l.Close() })
}

// writeTags makes the stack write tags into packets, as for a driver that can't.
func (o *outlet) writeTags(tb testing.TB) {
	tb.Helper()
	const setFlags = 0x26                                 // linux/ethtool.h: ETHTOOL_SFLAGS
	value := struct{ command, flags uint32 }{setFlags, 0} // without ETH_FLAG_TXVLAN
	request := struct {
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		pad  [16]byte
	}{data: unsafe.Pointer(&value)}
	copy(request.name[:], "outlet")
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(o.fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request)))
	if errno != 0 {
		tb.Fatal(errno)
	}
}
