package loader

import (
	"errors"
	"io"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// links are tcx links. Each goes away with its last file descriptor, so also when
// the process is killed.
type links []link.Link

// Close detaches.
func (ls links) Close() (err error) {
	for _, l := range ls {
		err = errors.Join(err, l.Close())
	}
	return err
}

func attachTCX(index int, ingress, egress *ebpf.Program) (io.Closer, error) {
	var ls links
	for _, at := range []struct {
		where   ebpf.AttachType
		program *ebpf.Program
	}{{ebpf.AttachTCXIngress, ingress}, {ebpf.AttachTCXEgress, egress}} {
		if at.program == nil {
			continue
		}
		l, err := link.AttachTCX(link.TCXOptions{
			Interface: index, Program: at.program, Attach: at.where, Anchor: link.Head(),
		})
		if err != nil {
			return nil, errors.Join(unsupported("tcx", "6.6", err), ls.Close())
		}
		ls = append(ls, l)
	}
	return ls, nil
}
