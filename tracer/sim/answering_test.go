package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSilent(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "silent = true", "silent = true")
		for _, protocol := range protocols {
			none(t, n, testProbe{ipv6: ipv6, protocol: protocol, ttl: 2}, DropSilent)
			none(t, n, testProbe{ipv6: ipv6, protocol: protocol, ttl: 3}, DropSilent)
		}
		only(t, n, testProbe{ipv6: ipv6, ttl: 1})
	})
}

func TestAnswerLossLeavesForwardingAlone(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "answer_loss = 1.0", "")
		none(t, n, testProbe{ipv6: ipv6, ttl: 2}, DropAnswerLoss)
		only(t, n, testProbe{ipv6: ipv6, ttl: 3})
	})
}

func TestRateLimit(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "rate_limit = { rate = 2.0, burst = 3 }", "")
		answers := func(at time.Duration, probes int) (got int) {
			for range probes {
				got += len(n.Handle(start.Add(at), testProbe{ipv6: ipv6, ttl: 2}.bytes(t)))
			}
			return got
		}
		for _, step := range []struct {
			at   time.Duration
			want int
		}{{0, 3}, {400 * time.Millisecond, 0}, {500 * time.Millisecond, 1}, {300 * time.Millisecond, 0}, {time.Minute, 3}} {
			if got := answers(step.at, 5); got != step.want {
				t.Errorf("at %v: %d answers, want %d", step.at, got, step.want)
			}
		}
		if got := n.Counters().Dropped[DropRateLimited]; got != 18 {
			t.Errorf("counted %d as rate limited, want 18", got)
		}
	})
}

func TestDuplicates(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "duplicate = 2", "duplicate = 1")
		for ttl, want := range map[uint8]int{1: 1, 2: 3, 3: 2} {
			d := n.Handle(start, testProbe{ipv6: ipv6, ttl: ttl}.bytes(t))
			if len(d) != want {
				t.Fatalf("TTL %d: %d answers, want %d", ttl, len(d), want)
			}
			for _, more := range d[1:] {
				if string(more.Packet) != string(d[0].Packet) || more.After <= d[0].After {
					t.Errorf("TTL %d: duplicate differs or does not come later", ttl)
				}
			}
		}
	})
}

func TestLate(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		a := only(t, chain(t, `late = "3s"`, ""), testProbe{ipv6: ipv6, ttl: 2})
		if want := 3*time.Second + 6*time.Millisecond; a.after != want {
			t.Errorf("after %v, want %v", a.after, want)
		}
	})
}

func TestJitterOnlyAdds(t *testing.T) {
	n := chain(t, `jitter = "4ms"`, "")
	seen := make(map[time.Duration]bool)
	for range 100 {
		a := only(t, n, testProbe{ttl: 2})
		if a.after < 6*time.Millisecond || a.after >= 14*time.Millisecond {
			t.Fatalf("after %v, want from 6 to 14 ms", a.after)
		}
		seen[a.after] = true
	}
	if len(seen) < 90 {
		t.Errorf("only %d different times", len(seen))
	}
}

func TestTTLReply(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "ttl_reply = 128", "ttl_reply = 2")
		if a := only(t, n, testProbe{ipv6: ipv6, ttl: 2}); a.ttl != 127 {
			t.Errorf("TTL %d, want 127", a.ttl)
		}
		none(t, n, testProbe{ipv6: ipv6, ttl: 3}, DropExpired)
	})
}

func TestAddressPerAnswer(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, `address_per_answer = ["198.18.2.1", "2001:db8:2::1", "198.18.2.5", "2001:db8:2::5"]`, "")
		for i := range 4 {
			want := fmt.Sprintf(pick(ipv6, "198.18.2.%d", "2001:db8:2::%d"), 1+4*(i%2))
			if got := only(t, n, testProbe{ipv6: ipv6, ttl: 2}).from.String(); got != want {
				t.Errorf("answer %d: from %s, want %s", i, got, want)
			}
		}
	})
}

func TestNodeWithoutAddressForwards(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		key := pick(ipv6, `v4 = "198.18.2.1"`, `v6 = "2001:db8:2::1"`)
		s, err := Parse([]byte(strings.Replace(chainText("", ""), key, "", 1)))
		must(t, err)
		n := New(s, 1)
		none(t, n, testProbe{ipv6: ipv6, ttl: 2}, DropNoAddress)
		only(t, n, testProbe{ipv6: ipv6, ttl: 3})
		only(t, n, testProbe{ipv6: !ipv6, ttl: 2})
	})
}

func TestUnanswerable(t *testing.T) {
	both(t, func(t *testing.T, ipv6 bool) {
		n := chain(t, "", "")
		b := testProbe{ipv6: ipv6, protocol: "icmp", ttl: 1}.bytes(t)
		b[pick(ipv6, 20, 40)] = pick[byte](ipv6, 11, 3) // now an error itself
		if d := n.Handle(start, b); len(d) != 0 || n.Counters().Dropped[DropUnanswerable] != 1 {
			t.Errorf("an ICMP error brought %d answers: %v", len(d), n.Counters().Dropped)
		}
	})
}
