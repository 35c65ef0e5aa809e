package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/ebpftrace/ebpftrace/loader"
)

// rung is a way to get timestamps. An error of open that is os.ErrPermission or
// errors.ErrUnsupported means that this machine does not allow it.
type rung struct {
	name string
	open func(setup) (*clock, error)
}

// What takes the stamps, where that is not eBPF.
const (
	rawSockets      = "raw sockets"
	ordinarySockets = "sockets of an ordinary user"
)

// The rungs, from the top.
var (
	nearest       = rung{"eBPF", nearestClock}
	kernel        = rung{"eBPF", kernelClock}
	tcx           = rung{"eBPF", tcxClock}
	raw           = rung{rawSockets, socketClock}
	rawUser       = rung{rawSockets, userClock}
	datagrams     = rung{ordinarySockets, datagramClock}
	datagramsUser = rung{ordinarySockets, datagramUserClock}
)

// open opens the best source that this machine allows, and notes why it is none
// of those above.
func (t timing) open(s setup) (*clock, error) {
	var refused []string
	var first error
	for _, r := range t.rungs {
		c, err := r.open(s)
		if err == nil {
			c.notes = append(refused, c.notes...)
			return c, nil
		}
		if !forbidden(err) {
			return nil, err
		}
		if first == nil {
			first = err
		}
		refused = append(refused, fmt.Sprintf("no %s: %s", r.name, strings.TrimPrefix(briefly(err), r.name+" ")))
	}
	return nil, t.refusal(first, refused)
}

// briefly says why, without the advice that the whole error gives.
func briefly(err error) string {
	if missing := (*loader.CapabilityError)(nil); errors.As(err, &missing) {
		return missing.Short()
	}
	for _, kind := range []error{os.ErrPermission, errors.ErrUnsupported} {
		if text, ok := strings.CutSuffix(err.Error(), ": "+kind.Error()); ok {
			return text
		}
	}
	return err.Error()
}

// refusal puts into one line why none of the ways is allowed.
func (t timing) refusal(first error, refused []string) error {
	if len(refused) == 1 {
		return fmt.Errorf("%w; or use --timing auto, which takes the best that is allowed", first)
	}
	return fmt.Errorf("%w. Lesser ways are closed too: %s", first, strings.Join(refused[1:], "; "))
}
