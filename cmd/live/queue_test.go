package live

import (
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// People are told when most hops' probes are held in this host's queue, and not for
// those of one hop.
func TestOwnQueueIsTold(t *testing.T) {
	for _, tt := range []struct {
		held []time.Duration // by hop
		want string
	}{
		{[]time.Duration{time.Microsecond, 900 * time.Microsecond, 999 * time.Microsecond}, ""},
		{[]time.Duration{time.Microsecond, time.Microsecond, time.Second}, ""},
		{[]time.Duration{time.Microsecond, 8 * time.Millisecond, 9 * time.Millisecond}, "this host's own queue holds probes for 8.00 ms"},
	} {
		m, _ := testModel(100, 20)
		m.Update(roundMsg{m.way, round(0, at{"192.0.2.1", time.Millisecond}, at{"192.0.2.4", time.Millisecond}, at{"2001:db8::7", time.Millisecond})})
		if got := m.queued(); got != "" {
			t.Errorf("said %q of a short queue", got)
		}
		m, _ = testModel(100, 20)
		late := round(0, at{"192.0.2.1", time.Millisecond}, at{"192.0.2.4", time.Millisecond}, at{"2001:db8::7", time.Millisecond})
		for i, d := range tt.held {
			s := &late.Hops[i].Probes[0].Stamps
			s[stamp.TCXEgress] = s[stamp.DriverStart] - stamp.Mono(d)
			s[stamp.UserSend] = 0
		}
		m.Update(roundMsg{m.way, late})
		if got := text(m); tt.want == "" && strings.Contains(got, "own queue") || !strings.Contains(got, tt.want) {
			t.Errorf("%v: want %q in\n%s", tt.held, tt.want, got)
		}
	}
}

// The detail says how much of the delay comes in at the hop, against the slowest before.
func TestDetailTellsWhatAHopAdds(t *testing.T) {
	m, _ := testModel(120, 30)
	m.Update(roundMsg{m.way, round(0, at{"192.0.2.1", 2 * time.Millisecond}, at{"*", 0}, at{"192.0.2.4", 9 * time.Millisecond},
		at{"192.0.2.5", 3 * time.Millisecond}, at{"2001:db8::7", 9500 * time.Microsecond})})
	for _, want := range []string{"adds 500.0 µs to the median of hop 3", "adds nothing to the median of hop 3", "adds 7.00 ms to the median of hop 1"} {
		press(m, "d")
		if m.chosen < 0 || !strings.Contains(text(m), want) {
			t.Errorf("want %q in\n%s", want, text(m))
		}
		press(m, "d", "up")
	}
	press(m, "up", "d")
	if strings.Contains(text(m), "adds") {
		t.Errorf("something is added to nothing:\n%s", text(m))
	}
}
