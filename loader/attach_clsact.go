package loader

import (
	"errors"
	"io"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader/clsact"
)

// Netlink wants CAP_NET_ADMIN itself: CAP_SYS_ADMIN, which does for tcx, is not
// enough.
func attachClsact(index int, ingress, egress *ebpf.Program) (io.Closer, error) {
	if has, err := cap.GetProc().GetFlag(cap.Effective, cap.NET_ADMIN); err == nil && !has {
		return nil, lacking(cap.NET_ADMIN)
	}
	programs := map[clsact.Hook]int{clsact.Ingress: ingress.FD()}
	if egress != nil {
		programs[clsact.Egress] = egress.FD()
	}
	a, err := clsact.Attach(index, programs)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EOPNOTSUPP) {
		return nil, &UnsupportedError{"the queueing discipline clsact or its eBPF filters", "4.5", err}
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}
