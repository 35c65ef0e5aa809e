package clsact

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Attachment is programs that hang on one interface. It needs CAP_NET_ADMIN to
// the end: a filter does not go away by itself.
type Attachment struct {
	index int
	name  string
	// All of these are in the interface's network namespace, also when the
	// thread that closes it is not.
	handle *netlink.Handle
	owner  socket // bears the name
	leave  socket // takes the lock in the end
}

// Attach attaches programs, given as file descriptors, to the interface of that
// index in the network namespace of the calling thread, and first removes what
// killed runs left there. Each packet passes them before all other filters,
// which see it as well if the programs return TC_ACT_UNSPEC.
//
// The error is unix.ENOENT or unix.EOPNOTSUPP where the kernel has no clsact, or no
// such filters, errors.ErrUnsupported where the interface has another discipline in
// its place, and unix.ENODEV where there is no such interface.
func Attach(index int, programs map[Hook]int) (*Attachment, error) {
	a, err := newAttachment(index)
	if err == nil {
		err = a.enter(programs)
	}
	if err != nil {
		return nil, errors.Join(err, a.release())
	}
	return a, nil
}

// newAttachment returns what has to be released also if there is an error.
func newAttachment(index int) (a *Attachment, err error) {
	a = &Attachment{index: index, owner: -1, leave: -1}
	if a.handle, err = netlink.NewHandle(unix.NETLINK_ROUTE); err != nil {
		return a, err
	}
	if a.name, a.owner, err = newOwner(); err != nil {
		return a, err
	}
	a.leave, err = newSocket()
	return a, err
}

// enter attaches all of the programs, or none.
func (a *Attachment) enter(programs map[Hook]int) error {
	l, err := lock(a.index)
	if err != nil {
		return err
	}
	if err = a.attach(programs); err != nil {
		err = errors.Join(err, a.detach())
	}
	return errors.Join(err, l.Close())
}

// attach goes by the order of the hooks, ingress first.
func (a *Attachment) attach(programs map[Hook]int) error {
	if err := sweep(a.handle, a.index); err != nil {
		return err
	}
	for _, hook := range hooks {
		program, ok := programs[hook]
		if !ok {
			continue
		}
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
	err := a.leave.lock(a.index)
	if err == nil {
		err = a.detach()
	}
	return errors.Join(err, a.release())
}

func (a *Attachment) detach() error {
	err := a.removeAll()
	if err == nil {
		err = tidy(a.handle, a.index)
	}
	if err == nil || errors.Is(err, unix.ENODEV) {
		return nil
	}
	return fmt.Errorf("filters %q may stay on interface %d until the next run there: %w", a.name, a.index, err)
}

// removeAll removes the run's filters. Where one can't be, the others go nevertheless.
func (a *Attachment) removeAll() error {
	found, err := list(a.handle, a.index)
	for _, f := range found.named(a.name) {
		if failed := remove(a.handle, f); err == nil {
			err = failed
		}
	}
	return err
}

// release gives up lock and name.
func (a *Attachment) release() error {
	if a.handle != nil {
		a.handle.Close()
	}
	return errors.Join(a.leave.Close(), a.owner.Close())
}
