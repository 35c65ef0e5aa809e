package bpf

import (
	"errors"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Of a packet that a driver received into pages the kernel has no more than the
// headers in one piece. What an ICMP error quotes comes behind.
func TestAnswerInPages(t *testing.T) {
	d := newPagedDevice(t)
	for _, a := range arenas(t) {
		detach := d.attach(t, a.StampAnswer)
		for _, answer := range a.answers {
			header := headerOf(answer)
			for _, linear := range []int{header + 8, header + 12, header + 8 + header, min(len(answer)-1, 128)} {
				if linear < len(answer) {
					d.deliver(t, ethernet(answer), 14+linear)
					a.expect(t, answer)
				}
			}
		}
		a.settle(t)
		detach()
		if a.joiner.Counters().Answers == 0 {
			t.Errorf("%s: nothing was reported", a.name())
		}
	}
}

// pagedDevice is a TAP device that delivers packets in pieces.
type pagedDevice struct{ inlet }

func newPagedDevice(tb testing.TB) *pagedDevice {
	tb.Helper()
	newOutlet(tb) // for the namespace
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		tb.Skipf("this machine has no TUN driver: %v", err)
	}
	must(tb, err)
	tb.Cleanup(func() { unix.Close(fd) })
	request, err := unix.NewIfreq("pages")
	must(tb, err)
	request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI | unix.IFF_NAPI | unix.IFF_NAPI_FRAGS)
	must(tb, unix.IoctlIfreq(fd, unix.TUNSETIFF, request))
	l, err := netlink.LinkByName("pages")
	must(tb, err)
	must(tb, netlink.LinkSetUp(l))
	return &pagedDevice{inlet{fd: fd, inner: l.Attrs().Index}}
}

// deliver has the kernel receive the frame, of which so much in one piece.
func (d *pagedDevice) deliver(tb testing.TB, frame []byte, linear int) {
	tb.Helper()
	_, err := unix.Writev(d.fd, [][]byte{frame[:linear], frame[linear:]})
	must(tb, err)
}
