package clsact

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// markChain is the chain of the mark. Packets start in chain 0, and nothing sends
// them to this one.
const markChain = 0xebf

// discipline returns the discipline that the interface's hooks belong to, nil if
// there is none: "clsact", or "ingress", which has no egress.
func discipline(h *netlink.Handle, index int) (netlink.Qdisc, error) {
	all, err := h.QdiscList(&netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}})
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		if q.Attrs().LinkIndex == index && q.Attrs().Parent == netlink.HANDLE_CLSACT {
			return q, nil
		}
	}
	return nil, nil
}

// ensure makes the discipline unless it is there.
func ensure(h *netlink.Handle, index int, program int) error {
	q, err := discipline(h, index)
	if err == nil && q == nil {
		return makeMarked(h, index, program)
	}
	return errors.Join(err, usable(q))
}

// usable reports whether filters of both hooks can be added to a discipline.
func usable(q netlink.Qdisc) error {
	if q == nil || q.Type() == "clsact" {
		return nil
	}
	return fmt.Errorf("the interface has the queueing discipline %q, beside which there is no clsact: remove it, or trace by --timing socket: %w",
		q.Type(), errors.ErrUnsupported)
}

// makeMarked makes the discipline and its mark, in one call, so that it is done
// with both or with neither when this process is killed.
func makeMarked(h *netlink.Handle, index int, program int) error {
	s, err := nl.Subscribe(unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer s.Close()
	qdisc, filter := newQdisc(index), newMark(index, program)
	batch := append(qdisc.Serialize(), filter.Serialize()...)
	if err := unix.Sendto(s.GetFd(), batch, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	made, marked := acknowledged(s, qdisc.Seq), acknowledged(s, filter.Seq)
	if made == nil && marked == nil {
		return nil
	}
	return unmake(h, index, made, marked)
}

// unmake undoes what was done without the other: a discipline without mark would
// stay for good, and one that somebody else was faster to make is not ours to mark.
func unmake(h *netlink.Handle, index int, made, marked error) error {
	q, err := discipline(h, index)
	switch {
	case err != nil:
		return errors.Join(made, marked, err)
	case made == nil && q != nil:
		return errors.Join(marked, h.QdiscDel(q))
	case q == nil || !errors.Is(made, unix.EEXIST):
		return made
	}
	return errors.Join(unmark(h, index), usable(q))
}

// unmark removes the mark, if there is one.
func unmark(h *netlink.Handle, index int) error {
	found, err := list(h, index)
	if err != nil || found.mark == nil {
		return err
	}
	return remove(h, found.mark)
}

func newQdisc(index int) *nl.NetlinkRequest {
	req := nl.NewNetlinkRequest(unix.RTM_NEWQDISC, unix.NLM_F_CREATE|unix.NLM_F_EXCL|unix.NLM_F_ACK)
	req.AddData(&nl.TcMsg{
		Family: nl.FAMILY_ALL, Ifindex: int32(index),
		Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_CLSACT,
	})
	req.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated("clsact")))
	return req
}

func newMark(index int, program int) *nl.NetlinkRequest {
	req := nl.NewNetlinkRequest(unix.RTM_NEWTFILTER, unix.NLM_F_CREATE|unix.NLM_F_EXCL|unix.NLM_F_ACK)
	req.AddData(&nl.TcMsg{
		Family: nl.FAMILY_ALL, Ifindex: int32(index), Parent: uint32(Ingress),
		Info: netlink.MakeHandle(1, nl.Swap16(unix.ETH_P_ALL)),
	})
	req.AddData(nl.NewRtAttr(nl.TCA_CHAIN, nl.Uint32Attr(markChain)))
	req.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated("bpf")))
	options := nl.NewRtAttr(nl.TCA_OPTIONS, nil)
	options.AddRtAttr(nl.TCA_BPF_FD, nl.Uint32Attr(uint32(program)))
	options.AddRtAttr(nl.TCA_BPF_NAME, nl.ZeroTerminated(mark))
	options.AddRtAttr(nl.TCA_BPF_FLAGS, nl.Uint32Attr(nl.TCA_BPF_FLAG_ACT_DIRECT))
	req.AddData(options)
	return req
}

// acknowledged reads what the kernel says of a request, and only of that.
func acknowledged(s *nl.NetlinkSocket, seq uint32) error {
	messages, _, err := s.Receive()
	if err != nil {
		return err
	}
	for _, m := range messages {
		if m.Header.Seq != seq || m.Header.Type != unix.NLMSG_ERROR {
			continue
		}
		if code := int32(nl.NativeEndian().Uint32(m.Data[:4])); code != 0 {
			return unix.Errno(-code)
		}
		return nil
	}
	return fmt.Errorf("the kernel did not answer request %d", seq)
}
