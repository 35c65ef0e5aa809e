package doctor

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// Program is an eBPF program on an interface.
type Program struct {
	ID uint32
	// Name is empty where it is not known: that needs CAP_SYS_ADMIN.
	Name string
}

func (p Program) String() string { return strings.TrimSpace(fmt.Sprintf("%s #%d", p.Name, p.ID)) }

// programName is empty if it can't be had.
func programName(id uint32) string {
	p, err := ebpf.NewProgramFromID(ebpf.ProgramID(id))
	if err != nil {
		return ""
	}
	defer p.Close()
	info, err := p.Info()
	if err != nil {
		return ""
	}
	return info.Name
}

// TCX is the programs at the hooks of that name.
type TCX struct{ Ingress, Egress []Program }

const loopback = 1 // index of lo (kernel: LOOPBACK_IFINDEX)

// lookTCX lists those of the interface, or else finds out by the loopback
// interface whether the kernel can be asked: without tcx the error is
// errors.ErrUnsupported.
func lookTCX(h host) (t TCX, err error) {
	if err := h.known.mayAskTCX(); err != nil {
		return t, err
	}
	index := loopback
	if d, err := h.known.Device.Get(); err == nil {
		index = d.Index
	}
	if t.Ingress, err = attached(index, ebpf.AttachTCXIngress); err == nil {
		t.Egress, err = attached(index, ebpf.AttachTCXEgress)
	}
	if h.known.Device.Err() != nil {
		t = TCX{} // nobody asked for those
	}
	return t, err
}

// mayAskTCX says what keeps this process from asking (kernel: bpf_prog_query). The
// library does not tell that from a kernel without.
func (f *Facts) mayAskTCX() error {
	if p, err := f.Process.Get(); err == nil && p.UserNamespace {
		return &NotTriedError{"the capabilities of the initial user namespace"}
	}
	if without := f.lacking(cap.NET_ADMIN); len(without) > 0 {
		return &NotTriedError{names(without)}
	}
	return nil
}

func attached(index int, at ebpf.AttachType) (all []Program, err error) {
	list, err := link.QueryPrograms(link.QueryOptions{Target: index, Attach: at})
	if errors.Is(err, unix.EINVAL) || errors.Is(err, ebpf.ErrNotSupported) {
		return nil, fmt.Errorf("tcx: %w", errors.ErrUnsupported)
	}
	if err != nil {
		return nil, err
	}
	for _, p := range list.Programs {
		all = append(all, Program{uint32(p.ID), programName(uint32(p.ID))})
	}
	return all, nil
}
