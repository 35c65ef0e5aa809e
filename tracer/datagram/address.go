package datagram

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// sockaddr returns an address as the kernel takes it, of this host or the target.
func (o *Options) sockaddr(a netip.Addr, port uint16) unix.Sockaddr {
	if a.Is4() {
		return &unix.SockaddrInet4{Port: int(port), Addr: a.As4()}
	}
	return &unix.SockaddrInet6{Port: int(port), Addr: a.As16(), ZoneId: o.scope(a)}
}

// scope returns the interface that a link-local address is on.
func (o *Options) scope(a netip.Addr) uint32 {
	if a.IsLinkLocalUnicast() {
		return uint32(o.Index)
	}
	return 0
}

// addrPort is invalid for no address, or one of another family.
func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return netip.AddrPort{}
}
