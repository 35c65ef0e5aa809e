package join

import (
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Inbox is where answers wait for [tracer.Source].Next. Who fills it closes it at the
// end.
type Inbox chan tracer.Answer

// Next returns the next answer, as [tracer.Source] asks for it. It is not open once
// the last one has been returned and no more will come.
func (b Inbox) Next(deadline time.Time) (a tracer.Answer, open bool, err error) {
	select { // what is there, before looking at the clock
	case a, open = <-b:
		return a, open, nil
	default:
	}
	left := time.Until(deadline)
	if left <= 0 {
		return a, true, os.ErrDeadlineExceeded
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case a, open = <-b:
		return a, open, nil
	case <-timer.C:
		return b.Next(time.Time{}) // both may be late, if this process is
	}
}
