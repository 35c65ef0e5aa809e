package socket

import (
	"os"

	"golang.org/x/sys/unix"
)

// ignoreCache makes the interface's MTU alone bound what is sent, not what earlier
// messages have taught the kernel of the path (IP_PMTUDISC_PROBE): it would refuse
// a longer packet with DF itself, by a message from this host, and cut one without
// (kernel: ip_skb_dst_mtu, ip6_skb_dst_mtu; both before __dev_queue_xmit).
func (r *Raw) ignoreCache() error {
	level, option, value := unix.SOL_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE
	if r.opts.IPv6 {
		level, option, value = unix.SOL_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE
	}
	return os.NewSyscallError("setsockopt MTU_DISCOVER", unix.SetsockoptInt(r.fd, level, option, value))
}
