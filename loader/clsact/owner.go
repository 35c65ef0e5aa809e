package clsact

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// prefix begins the name of each filter of ours.
const prefix = "ebpftrace:"

// mark is the name of the filter that says that the discipline is ours.
const mark = prefix + "qdisc"

// socket is a name that is taken for as long as it is open.
type socket int

// take takes a name in the network namespace of the calling thread. The error is
// unix.EADDRINUSE if somebody has it.
func take(name string) (socket, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: "@ebpftrace/clsact/" + name}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return socket(fd), nil
}

func (s socket) Close() error { return os.NewSyscallError("close", unix.Close(int(s))) }

// newOwner makes up the name of a run, and takes it.
func newOwner() (name string, owner socket, err error) {
	name = prefix + strings.ToLower(rand.Text()[:12])
	owner, err = take(name)
	return name, owner, err
}

// alive reports whether the run that a filter is named after still is. When in
// doubt, it is.
func alive(name string) bool {
	s, err := take(name)
	if err != nil {
		return true
	}
	s.Close()
	return false
}

const (
	lockPatience = 5 * time.Second // holding it takes milliseconds
	lockPause    = time.Millisecond
)

// lock waits until no other run works at the interface.
func lock(index int) (socket, error) {
	name := fmt.Sprintf("lock/%d", index)
	for start := time.Now(); ; time.Sleep(lockPause) {
		s, err := take(name)
		if !errors.Is(err, unix.EADDRINUSE) {
			return s, err
		}
		if time.Since(start) > lockPatience {
			return -1, fmt.Errorf("another process has held @ebpftrace/clsact/%s for %v: "+
				"see which by `ss -xlpn | grep ebpftrace`", name, lockPatience)
		}
	}
}
