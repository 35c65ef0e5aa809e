package doctor

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

const (
	stampTries = 50
	stampPause = 2 * time.Millisecond
)

var (
	errUnstamped = errors.New("packets come in without a stamp")
	errLoopback  = errors.New("loopback is down")
)

// tryReceive sends itself datagrams until one comes in stamped, as any socket may
// ask for. The kernel begins with it some milliseconds after the first that asks
// on the host (net_enable_timestamp).
func tryReceive(host) (none, error) {
	fd, self, err := stampedSocket()
	if err != nil {
		return none{}, err
	}
	defer unix.Close(fd)
	err = errLoopback
	for range stampTries {
		switch stamped, failed := echo(fd, self); {
		case stamped:
			return none{}, nil
		case failed == nil:
			err = errUnstamped
		}
		time.Sleep(stampPause)
	}
	return none{}, err
}

func stampedSocket() (fd int, self unix.Sockaddr, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, nil, os.NewSyscallError("socket", err)
	}
	flags := unix.SOF_TIMESTAMPING_RX_SOFTWARE | unix.SOF_TIMESTAMPING_SOFTWARE
	err = errors.Join(
		os.NewSyscallError("setsockopt SO_TIMESTAMPING", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING, flags)),
		os.NewSyscallError("bind", unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})))
	self, nameErr := unix.Getsockname(fd)
	if err = errors.Join(err, nameErr); err != nil {
		unix.Close(fd)
	}
	return fd, self, err
}

// echo reports whether a datagram came in with a stamp. The error is that none came.
func echo(fd int, self unix.Sockaddr) (stamped bool, err error) {
	if err := unix.Sendto(fd, []byte{0}, 0, self); err != nil {
		return false, err
	}
	return socket.Stamped(fd)
}

// receive says whether the programs can take over receive stamps, and how that is
// known.
func (f *Facts) receive() (how string, err error) {
	if trial, err := f.Trial.Get(); err == nil {
		return "tried", trial.fallback(stamp.Receive)
	}
	has, how, err := f.verdict(f.taiHelper())
	switch {
	case err != nil:
		return "", fmt.Errorf("the helper bpf_ktime_get_tai_ns: %w", err)
	case !has:
		return "", fmt.Errorf("the programs can't read them: Linux 6.1 or later has bpf_ktime_get_tai_ns (%s)", how)
	}
	return how, f.Receive.Err()
}

func judgeReceive(f *Facts) Result {
	how, err := f.receive()
	if err == nil {
		return Result{Status: OK, Found: fmt.Sprintf("taken, and readable by the programs (%s)", how)}
	}
	r := Result{Status: Missing, Found: err.Error(), Cost: "no receive stamps: " + receiveCost}
	if errors.Is(err, errLoopback) {
		r.Status, r.Found, r.Cost = Unknown, "not tried: "+err.Error(), ""
		r.Mend = f.sudo("ip link set dev lo up")
	}
	return r
}
