package sim

import (
	"strings"
	"testing"
	"time"
)

// Routes change for packets that come to the node from that time on, counted from the
// first packet of all.
func TestNextAfter(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		s, err := Load("change_once") // after 60 ms, at the second hop, 2 ms away
		must(t, err)
		n := New(s, 1)
		for _, tt := range []struct {
			after time.Duration
			node  string
		}{{0, "metro1"}, {57 * time.Millisecond, "metro1"}, {58 * time.Millisecond, "metro2"}, {time.Hour, "metro2"}} {
			packet := testProbe{ipv6: ipv6, ttl: 3}.bytes(t)
			got := readAnswer(t, n.Handle(start.Add(tt.after), packet)[0])
			if want := s.node(tt.node).address(ipv6); got.from != want {
				t.Errorf("after %v: %v, want %v", tt.after, got.from, want)
			}
		}
	})
}

func TestNextAfterComplaints(t *testing.T) {
	text, err := scenarios.ReadFile("scenarios/loss/change_once.toml")
	must(t, err)
	for change, complaint := range map[string]string{
		`next = ["nowhere"] }`: `next_after of access: there is no node "nowhere"`,
		`next = [] }`:          "next_after: needs a next both before and after",
	} {
		broken := strings.Replace(string(text), `next = ["metro2"] }`, change, 1)
		if _, err := Parse([]byte(broken)); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v, want %q", change, err, complaint)
		}
	}
}

// The scenarios about loss say which they are.
func TestLossNames(t *testing.T) {
	if len(LossNames()) < 10 {
		t.Errorf("%d scenarios", len(LossNames()))
	}
	for _, name := range LossNames() {
		s, err := Load(name)
		must(t, err)
		if s.Name != name || s.Description == "" || !s.Truth.Reached {
			t.Errorf("file %s holds scenario %q: %q", name, s.Name, s.Description)
		}
	}
}
