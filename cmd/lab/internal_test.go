package lab

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestLocalNames(t *testing.T) {
	in := "passwd: files\nhosts:\t mymachines resolve [!UNAVAIL=return] dns\nnetworks: files\n"
	want := "passwd: files\nhosts: files dns\nnetworks: files\n"
	if got := localNames(in); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHosts(t *testing.T) {
	got := hosts([]Node{
		{"both", netip.MustParseAddr("198.18.0.1"), netip.MustParseAddr("2001:db8::1")},
		{"old", netip.MustParseAddr("198.18.0.2"), netip.Addr{}},
		{Name: "mute"},
	})
	want := "198.18.0.1 both.lab\n2001:db8::1 both.lab\n198.18.0.2 old.lab\n"
	if !strings.HasSuffix(got, "localhost\n"+want) {
		t.Errorf("got %q, want it to end in %q", got, want)
	}
}

func TestParentOf(t *testing.T) {
	for stat, want := range map[string]int{
		"7 (sh) S 42 7 7 0":         42,
		"7 (a) R 1 (b) S 42 7 7 0":  42,
		"7 (sh) S":                  0,
		"":                          0,
		"7 (cut off":                0,
		"7 (sh) S not-a-number 7 7": 0,
	} {
		if got := parentOf([]byte(stat)); got != want {
			t.Errorf("%q: %d, want %d", stat, got, want)
		}
	}
}

func TestUnused(t *testing.T) {
	first, second := netip.MustParseAddr("198.18.0.1"), netip.MustParseAddr("198.18.0.2")
	if got := unused(first, []Node{{V4: second}}); got != first {
		t.Errorf("got %v, want %v", got, first)
	}
	if got := unused(first, []Node{{V4: second}, {V4: first}}); got != second.Next() {
		t.Errorf("got %v, want %v", got, second.Next())
	}
}

// Packets leave a queue when they are due; those that are due at once in the
// order in which they came.
func TestQueue(t *testing.T) {
	q, err := newQueue()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	push := func(after time.Duration, packet string) { q.push(start.Add(after), []byte(packet)) }
	push(20*time.Millisecond, "c")
	push(20*time.Millisecond, "d")
	push(5*time.Millisecond, "b")
	push(-time.Second, "a")
	var got strings.Builder
	for range 10 {
		packets, err := q.pop()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range packets {
			got.Write(p)
		}
		if got.Len() == 4 {
			break
		}
	}
	if took := time.Since(start); got.String() != "abcd" || took < 20*time.Millisecond {
		t.Errorf("got %q after %v", got.String(), took)
	}
	q.Close()
	if _, err := q.pop(); err == nil {
		t.Error("a closed queue has packets")
	}
}

func TestQueueIsBounded(t *testing.T) {
	q, err := newQueue()
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	due := time.Now().Add(time.Hour)
	for i := range maxWaiting {
		if !q.push(due, nil) {
			t.Fatalf("no room for packet %d", i)
		}
	}
	if q.push(due, nil) {
		t.Error("there is room for too many")
	}
}
