package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

func tryDatagram(host) (none, error) {
	return none{}, trySocket(unix.AF_INET, 0)
}

// tryPing tries both families: net.ipv4.ping_group_range is for IPv6 too.
func tryPing(host) (none, error) {
	err := trySocket(unix.AF_INET, unix.IPPROTO_ICMP)
	if six := trySocket(unix.AF_INET6, unix.IPPROTO_ICMPV6); !errors.Is(six, unix.EAFNOSUPPORT) {
		err = errors.Join(err, six)
	}
	return none{}, err
}

func trySocket(family, protocol int) error {
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	return unix.Close(fd)
}

func tryRaw(host) (none, error) {
	raw, err := socket.Open(socket.Options{})
	if err != nil {
		return none{}, err
	}
	return none{}, raw.Close()
}

func judgeRaw(f *Facts) Result {
	err := f.Raw.Err()
	switch {
	case err == nil:
		return Result{Status: OK, Found: "allowed (tried)"}
	case untried(err):
		return unseen(err)
	}
	r := Result{Status: Missing, Found: err.Error(), Cost: "no kernel timing; " + datagramCost}
	if errors.Is(err, os.ErrPermission) {
		r.Found, r.Note = "refused: needs CAP_NET_RAW", "see capabilities"
	}
	return r
}

func lookPingRange(h host) (string, error) {
	text, err := fs.ReadFile(h.root, "proc/sys/net/ipv4/ping_group_range")
	return strings.Join(strings.Fields(string(text)), " "), err
}

func judgePing(f *Facts) Result {
	groups, err := f.PingRange.Get()
	told := "net.ipv4.ping_group_range is " + groups
	if err != nil {
		told = "net.ipv4.ping_group_range not seen"
	}
	switch {
	case f.Ping.Err() == nil:
		return Result{Status: OK, Found: fmt.Sprintf("allowed (tried; %s)", told)}
	case f.Raw.Err() == nil:
		return Result{Status: OK, Found: fmt.Sprintf("refused, but raw ones are allowed (tried; %s)", told)}
	}
	r := Result{Status: Missing, Found: fmt.Sprintf("refused (tried; %s)", told), Cost: "no ICMP probes without CAP_NET_RAW"}
	r.Mend = f.sudo(`sysctl -w net.ipv4.ping_group_range="0 2147483647"`)
	return r
}
