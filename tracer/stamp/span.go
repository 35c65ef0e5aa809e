package stamp

import (
	"slices"
	"strings"
	"time"
)

// passed are the points that divide a probe's way and its answer's, in order.
// SocketSend is not among them: it lies within what the driver does.
var passed = [...]Point{UserSend, TCXEgress, DriverStart, Receive, TCXIngress, UserReceive}

// parts name what lies between two points of passed.
var parts = [len(passed) - 1]string{"send call", "queue", "network", "receive path", "wake-up"}

// Parts returns the names of what a probe and its answer pass, in order, if they
// are stamped at every point.
func Parts() []string { return slices.Clone(parts[:]) }

// Span is the way from one stamp to the next.
type Span struct {
	From, To Point
	// Parts names what lies between the two: "network", or "queue + network"
	// where no stamp was taken between them.
	Parts string
	Time  time.Duration
}

// Spans divides the time between the outermost stamps of a set. They are in
// order and leave nothing out; less than two stamps give none.
func (s *Set) Spans() []Span {
	var spans []Span
	from := -1
	for to, p := range passed {
		if s[p] == 0 {
			continue
		}
		if from >= 0 {
			spans = append(spans, Span{
				From: passed[from], To: p,
				Parts: strings.Join(parts[from:to], " + "),
				Time:  s[p].Sub(s[passed[from]]),
			})
		}
		from = to
	}
	return spans
}
