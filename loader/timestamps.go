package loader

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// settle is how long the kernel is given to begin stamping. It does so from a
// work queue, by patching its code, within a few milliseconds.
const settle = 50 * time.Millisecond

// busy is how much longer it is given where packets arrive, but without a stamp:
// on a busy host its work queue and the patching have to wait.
const busy = 450 * time.Millisecond

// proofs is how many packets in a row have to be stamped, a millisecond apart.
const proofs = 3

// timestamps is a socket that wants receive timestamps. While the host has any,
// the kernel stamps every packet that enters the stack, in all namespaces.
type timestamps struct{ fd int }

// Close leaves stamping to others who want it.
func (t timestamps) Close() error { return os.NewSyscallError("close", unix.Close(t.fd)) }

// holdTimestamps opens the socket. The kernel begins to stamp some time later.
// SO_TIMESTAMPNS must not be set besides, for recvmsg(2) would then make a stamp
// up where there is none.
func holdTimestamps() (timestamps, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return timestamps{}, os.NewSyscallError("socket", err)
	}
	t := timestamps{fd}
	flags := unix.SOF_TIMESTAMPING_RX_SOFTWARE | unix.SOF_TIMESTAMPING_SOFTWARE
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING, flags); err != nil {
		t.Close()
		return timestamps{}, fmt.Errorf("ask for receive timestamps: %w", err)
	}
	return t, nil
}

// errUnstamped says that packets arrive, but no stamp with them.
var errUnstamped = errors.New("the kernel does not stamp packets that it receives")

// confirm returns once packets are stamped, or at the deadline; some time after it,
// with errUnstamped, if packets have come without.
//
// The proof are datagrams to ourselves that carry a stamp, several in a row: when
// the last holder before us has just let go, the kernel may be about to end
// stamping, only to begin anew for us (kernel: netstamp_clear). Where no datagram
// comes back, as in a namespace whose loopback is down, having waited must do:
// packets before the first stamp would merely lack theirs.
func (t timestamps) confirm(deadline time.Time) (err error) {
	if t.connectToSelf() != nil {
		time.Sleep(time.Until(deadline))
		return nil
	}
	for row := 0; row < proofs; time.Sleep(time.Millisecond) {
		if late := time.Since(deadline); late > 0 && (err == nil || late > busy) {
			return err
		}
		_ = unix.Send(t.fd, []byte{0}, 0) // lost ones are made up for by the next
		switch stamped, failed := t.receive(); {
		case failed != nil:
		case stamped:
			row++
		default:
			row, err = 0, errUnstamped
		}
	}
	return nil
}

// connectToSelf lets in nothing but what the socket itself sends.
func (t timestamps) connectToSelf() error {
	loopback := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := unix.Bind(t.fd, loopback); err != nil {
		return err
	}
	self, err := unix.Getsockname(t.fd)
	if err != nil {
		return err
	}
	return unix.Connect(t.fd, self)
}

// receive takes in one datagram and reports whether it carries a stamp.
func (t timestamps) receive() (stamped bool, err error) { return socket.Stamped(t.fd) }
