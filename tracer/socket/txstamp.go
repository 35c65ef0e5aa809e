package socket

import (
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

const (
	txSched = unix.SOF_TIMESTAMPING_TX_SCHED
	// txStamps has the driver report each packet with the kernel's count of
	// it, without the packet.
	txStamps = unix.SOF_TIMESTAMPING_TX_SOFTWARE | unix.SOF_TIMESTAMPING_SOFTWARE |
		unix.SOF_TIMESTAMPING_OPT_ID | unix.SOF_TIMESTAMPING_OPT_TSONLY
)

// stampSends has packets stamped on their way out, from now on. The count of
// packets starts at 0 with the first call, and goes on with the next ones. The
// form of the option with 64-bit times is that of Linux 5.1.
func (r *Raw) stampSends(more int) error {
	err := unix.SetsockoptInt(r.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, txStamps|more)
	return os.NewSyscallError("setsockopt SO_TIMESTAMPING", err)
}

// unstampSends ends it, and forgets what was not read.
func (r *Raw) unstampSends() error {
	err := unix.SetsockoptInt(r.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, 0)
	for ok := true; ok; _, ok = r.sendStamp() {
	}
	return os.NewSyscallError("setsockopt SO_TIMESTAMPING", err)
}

// sendStamp is one entry of the error queue.
type sendStamp struct {
	key   uint32 // the kernel's count of the packet (OPT_ID)
	at    wallTime
	sched bool // taken on entering the queueing discipline, not by the driver
}

// sendStamp returns the next stamp that is there. It never waits, and nobody
// should wait for one elsewhere: waking that one would fall between the stamp
// and the wire.
func (r *Raw) sendStamp() (sendStamp, bool) {
	var oob [256]byte
	for {
		_, n, _, _, err := unix.Recvmsg(r.fd, nil, oob[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return sendStamp{}, false
		}
		if c := parseControl(oob[:n]); c.reported && c.stamp != 0 {
			return sendStamp{c.key, c.stamp, c.sched}, true
		}
	}
}

// driverStamps reports what the interface's driver says of itself; true if the
// interface is not known, and has to show by itself.
func (r *Raw) driverStamps() bool {
	name, err := r.device()
	if err != nil {
		return true
	}
	info, err := unix.IoctlGetEthtoolTsInfo(r.fd, name)
	return err != nil || info.So_timestamping&unix.SOF_TIMESTAMPING_TX_SOFTWARE != 0
}

func (r *Raw) device() (string, error) {
	if r.opts.Interface != "" {
		return r.opts.Interface, nil
	}
	i, err := net.InterfaceByIndex(r.opts.Index)
	if err != nil {
		return "", fmt.Errorf("interface %d: %w", r.opts.Index, err)
	}
	return i.Name, nil
}
