package datagram

import (
	"encoding/binary"
	"net/netip"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// flowInfoSend is IPV6_FLOWINFO_SEND (linux/in6.h): the flow label is taken from
// the address that is sent to.
const flowInfoSend = 33

// sendFlow is sendto(2) with a flow label, for which package unix has no room.
// Control messages could carry one, but see describe.
func sendFlow(fd int, payload []byte, to netip.AddrPort, scope, label uint32) error {
	sa := unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: to.Addr().As16(), Scope_id: scope}
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&sa.Port))[:], to.Port())
	binary.BigEndian.PutUint32((*[4]byte)(unsafe.Pointer(&sa.Flowinfo))[:], label)
	_, _, errno := unix.Syscall6(unix.SYS_SENDTO, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(payload))), uintptr(len(payload)), 0,
		uintptr(unsafe.Pointer(&sa)), unix.SizeofSockaddrInet6)
	if errno != 0 {
		return errno
	}
	return nil
}

// memory is what SO_MEMINFO tells of a socket (kernel: sk_get_meminfo).
type memory struct {
	held, limit uint32 // bytes; of the receive and error queues
	_           [6]uint32
	dropped     uint32 // packets that the receive queue had no room for
}

func readMemory(fd int) (memory, error) {
	var m memory
	size := uint32(unsafe.Sizeof(m))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&m)), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return memory{}, os.NewSyscallError("getsockopt SO_MEMINFO", errno)
	}
	return m, nil
}
