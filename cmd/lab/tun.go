package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	tunFile = "/dev/net/tun"
	tunName = "tun0"
	tunMTU  = 1500
)

// tun is a TUN device without a packet information header: reads and writes are
// whole IP packets. The device is gone when the file is closed.
type tun struct {
	*os.File
	buffer [1 << 16]byte
}

// receive returns a copy of the next packet.
func (t *tun) receive() ([]byte, error) {
	n, err := t.Read(t.buffer[:])
	if err != nil {
		return nil, err
	}
	return append([]byte(nil), t.buffer[:n]...), nil
}

// addTUN gives the client a TUN device that everything is routed to.
func (l *Lab) addTUN(client Node) (*tun, error) {
	var t *tun
	err := l.Do(client.Name, func() (err error) {
		t, err = openTUN()
		return err
	})
	if err != nil {
		return nil, err
	}
	h, err := openHandle(l.spaces[client.Name])
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	defer h.Close()
	if err := leadTo(h, tunName, client.V4, client.V6); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// openTUN makes the device in the calling thread's namespace.
func openTUN() (*tun, error) {
	fd, err := unix.Open(tunFile, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w (load the kernel module tun)", tunFile, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", tunFile, err)
	}
	request, err := unix.NewIfreq(tunName)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("make %s: %w", tunName, err)
	}
	// Only now: the poller refuses a file that is no device yet.
	return &tun{File: os.NewFile(uintptr(fd), tunFile)}, nil
}

// leadTo gives the interface the addresses and all routes of their families.
func leadTo(h *netlink.Handle, name string, addresses ...netip.Addr) error {
	if err := setUp(h, name); err != nil {
		return err
	}
	link, err := h.LinkByName(name)
	if err != nil {
		return fmt.Errorf("interface %s: %w", name, err)
	}
	for _, a := range addresses {
		if err := addAddress(h, name, netip.PrefixFrom(a, a.BitLen())); err != nil {
			return err
		}
		anywhere := ipNet(netip.PrefixFrom(a, 0).Masked())
		if err := h.RouteAdd(&netlink.Route{LinkIndex: link.Attrs().Index, Dst: anywhere}); err != nil {
			return fmt.Errorf("add route %v: %w", anywhere, err)
		}
		if err := awaitLocal(h, a); err != nil {
			return err
		}
	}
	return nil
}
