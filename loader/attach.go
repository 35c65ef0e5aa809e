package loader

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// attach links both programs to the interface, in front of all others: behind
// one that ends the chain, such as a CNI's, they would see nothing. Ingress goes
// first, lest a probe leave before its answer can be seen.
//
// The interface is looked up in the network namespace of the calling thread. A
// link goes away with its last file descriptor, so also when the process is
// killed.
func (s *Session) attach() (err error) {
	s.ingress, err = attachOne(s.iface, ebpf.AttachTCXIngress, s.objects.StampAnswer)
	if err != nil {
		return err
	}
	s.opened = append(s.opened, s.ingress)
	egress, err := attachOne(s.iface, ebpf.AttachTCXEgress, s.objects.StampProbe)
	if err != nil {
		return err
	}
	s.opened = append(s.opened, egress)
	return nil
}

func attachOne(iface int, where ebpf.AttachType, prog *ebpf.Program) (link.Link, error) {
	l, err := link.AttachTCX(link.TCXOptions{
		Interface: iface, Program: prog, Attach: where, Anchor: link.Head(),
	})
	if err != nil {
		err = unsupported("tcx", "6.6", gone(iface, err))
		return nil, denied(fmt.Sprintf("attach to interface %d (%v)", iface, where), err)
	}
	return l, nil
}
