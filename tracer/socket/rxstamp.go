package socket

import (
	"time"

	"golang.org/x/sys/unix"
)

// rxStamps: the kernel stamps what it receives (__net_timestamp). It is not
// combined with SO_TIMESTAMP or SO_TIMESTAMPNS: with them, recvmsg(2) makes up
// a stamp where there is none.
const rxStamps = unix.SOF_TIMESTAMPING_RX_SOFTWARE | unix.SOF_TIMESTAMPING_SOFTWARE

const (
	stampTries = 50
	stampPause = 2 * time.Millisecond
)

// awaitReceiveStamps returns once packets are stamped, which the kernel starts
// to do some time after the first socket asks for it (net_enable_timestamp), by
// sending some to itself. Where it cannot, for want of a loopback interface, it
// waits no longer than a tenth of a second; see Gaps for what is missing then.
func awaitReceiveStamps() {
	fd, to, err := loopback()
	if err != nil {
		time.Sleep(stampTries * stampPause / 10)
		return
	}
	defer unix.Close(fd)
	for range stampTries {
		if unix.Sendto(fd, []byte{0}, 0, to) == nil && nextIsStamped(fd) {
			return
		}
		time.Sleep(stampPause)
	}
}

// loopback returns a socket that can send to itself, and its address.
func loopback() (int, unix.Sockaddr, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, nil, err
	}
	if err = unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, rxStamps)
	}
	to, nameErr := unix.Getsockname(fd)
	if err == nil {
		err = nameErr
	}
	if err != nil {
		unix.Close(fd)
		return -1, nil, err
	}
	return fd, to, nil
}

// nextIsStamped reads what was sent, which loopback delivers before sendto(2)
// returns or soon after.
func nextIsStamped(fd int) bool {
	ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if n, err := unix.Poll(ready, int(stampPause.Milliseconds())); n != 1 || err != nil {
		return false
	}
	var b [1]byte
	var oob [256]byte
	_, n, _, _, err := unix.Recvmsg(fd, b[:], oob[:], 0)
	return err == nil && parseControl(oob[:n]).stamp != 0
}
