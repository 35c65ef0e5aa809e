package socket

import (
	"iter"

	"golang.org/x/sys/unix"
)

// Controls goes through control messages (cmsg(3)), up to one that is cut short.
func Controls(b []byte) iter.Seq2[unix.Cmsghdr, []byte] {
	return func(yield func(unix.Cmsghdr, []byte) bool) {
		for len(b) >= unix.SizeofCmsghdr {
			h, data, rest, err := unix.ParseOneSocketControlMessage(b)
			if err != nil || !yield(h, data) {
				return
			}
			b = rest
		}
	}
}

// Stamped takes one datagram from a socket, and reports whether it came with
// timestamps (SO_TIMESTAMPING). The error is that there was none to take.
func Stamped(fd int) (bool, error) {
	var data [1]byte
	control := make([]byte, 256)
	_, n, _, _, err := unix.Recvmsg(fd, data[:], control, 0)
	if err != nil {
		return false, err
	}
	for h := range Controls(control[:n]) {
		if h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_TIMESTAMPING {
			return true, nil
		}
	}
	return false, nil
}
