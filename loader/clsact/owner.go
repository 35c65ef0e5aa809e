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

// socket is a name that is taken for as long as it is open; -1: none.
type socket int

// newSocket opens a socket in the network namespace of the calling thread, where
// it stays. It has no name yet.
func newSocket() (socket, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	return socket(fd), nil
}

// bind gives it a name. The error is unix.EADDRINUSE if somebody has that.
func (s socket) bind(name string) error {
	return unix.Bind(int(s), &unix.SockaddrUnix{Name: "@ebpftrace/clsact/" + name})
}

func (s socket) Close() error {
	if s < 0 {
		return nil
	}
	return os.NewSyscallError("close", unix.Close(int(s)))
}

// take opens a socket of that name.
func take(name string) (socket, error) {
	s, err := newSocket()
	if err != nil {
		return -1, err
	}
	if err := s.bind(name); err != nil {
		s.Close()
		return -1, err
	}
	return s, nil
}

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
	s, err := newSocket()
	if err != nil {
		return -1, err
	}
	if err := s.lock(index); err != nil {
		s.Close()
		return -1, err
	}
	return s, nil
}

func (s socket) lock(index int) error {
	name := fmt.Sprintf("lock/%d", index)
	for start := time.Now(); ; time.Sleep(lockPause) {
		if err := s.bind(name); !errors.Is(err, unix.EADDRINUSE) {
			return err
		}
		if time.Since(start) > lockPatience {
			return fmt.Errorf("another process has held @ebpftrace/clsact/%s for %v: "+
				"see which by `ss -xlpn | grep ebpftrace`", name, lockPatience)
		}
	}
}
