package loader

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// Hooks is a way to have programs run where an interface meets the stack.
type Hooks string

// The ways, the best first.
const (
	// TCX is the links of Linux 6.6, which go away with their process.
	TCX Hooks = "tcx"
	// Clsact is filters of the queueing discipline of that name; see package
	// clsact. The process has to keep CAP_NET_ADMIN to remove them.
	Clsact Hooks = "clsact"
)

// attachers are how. Each attaches the programs to one interface, egress only if
// there is one, in front of all others: behind one that ends the chain, such as a
// CNI's, they would see nothing. Ingress goes first, lest a probe leave before its
// answer can be seen.
//
// The interface is looked up in the network namespace of the calling thread.
var attachers = map[Hooks]func(index int, ingress, egress *ebpf.Program) (io.Closer, error){
	TCX:    attachTCX,
	Clsact: attachClsact,
}

// Hooks tells how the programs are attached.
func (s *Session) Hooks() Hooks { return s.hooks }

// attach attaches to all interfaces, by tcx where the kernel has it.
func (s *Session) attach(o Options) error {
	s.hooks = o.Hooks
	if s.hooks == "" {
		s.hooks = TCX
	}
	err := s.attachTo(o.Interface, s.objects.StampProbe)
	if o.Hooks == "" && errors.Is(err, errors.ErrUnsupported) {
		s.hooks = Clsact
		err = s.attachTo(o.Interface, s.objects.StampProbe)
	}
	for _, index := range o.Uplinks {
		if err == nil {
			err = s.attachTo(index, nil)
		}
	}
	return err
}

func (s *Session) attachTo(index int, egress *ebpf.Program) error {
	attached, err := attachers[s.hooks](index, s.objects.StampAnswer, egress)
	if err != nil {
		return denied(fmt.Sprintf("attach to interface %d by %s", index, s.hooks), gone(index, err))
	}
	s.opened = append(s.opened, attached)
	return nil
}

// GoneError says that the interface does not exist.
type GoneError struct {
	Interface int // index
}

func (e *GoneError) Error() string {
	return fmt.Sprintf("there is no network interface with index %d any more", e.Interface)
}

// Unwrap makes the error os.ErrNotExist.
func (e *GoneError) Unwrap() error { return os.ErrNotExist }

// gone puts a name to the error that attaching to a missing interface gives.
func gone(iface int, err error) error {
	if errors.Is(err, unix.ENODEV) {
		return &GoneError{iface}
	}
	return err
}
