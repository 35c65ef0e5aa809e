package clsact

import (
	"errors"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Attachment is programs that hang on one interface. It needs CAP_NET_ADMIN to
// the end: a filter does not go away by itself.
type Attachment struct {
	index  int
	handle *netlink.Handle // in the interface's network namespace
	name   string
	owner  socket
}

// Attach attaches programs, given as file descriptors, to the interface of that
// index in the network namespace of the calling thread, and first removes what
// killed runs left there. Each packet passes them before all other filters,
// which see it as well if the programs return TC_ACT_UNSPEC.
//
// The error is unix.ENOENT or unix.EOPNOTSUPP where the kernel has no clsact, or no
// such filters, errors.ErrUnsupported where the interface has another discipline in
// its place, and unix.ENODEV where there is no such interface.
func Attach(index int, programs map[Hook]int) (_ *Attachment, err error) {
	a := &Attachment{index: index, owner: -1}
	if a.handle, err = netlink.NewHandle(unix.NETLINK_ROUTE); err != nil {
		return nil, err
	}
	if a.name, a.owner, err = newOwner(); err != nil {
		a.handle.Close()
		return nil, err
	}
	if err = a.locked(func() error { return a.attach(programs) }); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *Attachment) attach(programs map[Hook]int) error {
	if err := sweep(a.handle, a.index); err != nil {
		return err
	}
	for hook, program := range programs {
		if err := ensure(a.handle, a.index, program); err != nil {
			return err
		}
		if err := add(a.handle, a.index, hook, a.name, program); err != nil {
			return err
		}
	}
	return nil
}

// Close removes the programs, and the discipline if we made it and nobody needs
// it any more. An interface that is gone has taken all of that along.
func (a *Attachment) Close() error {
	err := a.locked(a.detach)
	if errors.Is(err, unix.ENODEV) {
		err = nil
	}
	a.handle.Close()
	return errors.Join(err, a.owner.Close())
}

func (a *Attachment) detach() error {
	found, err := list(a.handle, a.index)
	if err != nil {
		return err
	}
	for _, f := range found.named(a.name) {
		err = errors.Join(err, remove(a.handle, f))
	}
	return errors.Join(err, tidy(a.handle, a.index))
}

// locked does something while no other run works at the interface.
func (a *Attachment) locked(do func() error) error {
	l, err := lock(a.index)
	if err != nil {
		return err
	}
	return errors.Join(do(), l.Close())
}
