package names

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fake answers after a delay, or when its context ends.
type fake struct {
	delay time.Duration
	names map[string][]string
	err   error

	mu                  sync.Mutex
	calls, active, peak int
}

func (f *fake) enter() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	f.active++
	f.peak = max(f.peak, f.active)
}

func (f *fake) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active--
}

func (f *fake) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	f.enter()
	defer f.leave()
	select {
	case <-time.After(f.delay):
		return f.names[addr], f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var (
	one = netip.MustParseAddr("192.0.2.1")
	two = netip.MustParseAddr("2001:db8::2")
)

func TestName(t *testing.T) {
	tests := []struct {
		name  string
		addr  string
		names []string
		err   error
		want  string
	}{
		{"one", "192.0.2.1", []string{"a.example."}, nil, "a.example"},
		{"no dot at the end", "192.0.2.1", []string{"a.example"}, nil, "a.example"},
		{"several, in any order", "192.0.2.1", []string{"b.example.", "a.example."}, nil, "a.example"},
		{"none", "192.0.2.1", nil, errors.New("no such host"), ""},
		{"some were dropped", "192.0.2.1", []string{"a.example."}, errors.New("bad name"), "a.example"},
		{"root alone", "192.0.2.1", []string{"."}, nil, ""},
		{"hostile, as it is", "192.0.2.1", []string{"\x1b[2J."}, nil, "\x1b[2J"},
		{"zone", "fe80::1%eth0", []string{"gw.example."}, nil, "gw.example"},
		{"mapped", "::ffff:192.0.2.1", []string{"a.example."}, nil, "a.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := netip.MustParseAddr(tt.addr)
			c := New(t.Context(), &fake{
				names: map[string][]string{plain(addr).String(): tt.names},
				err:   tt.err,
			}, Limits{})
			<-c.Lookup(addr)
			if got, ok := c.Name(addr); got != tt.want || !ok {
				t.Errorf("Name = %q, %v; want %q, true", got, ok, tt.want)
			}
		})
	}
}

func TestNameDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{delay: time.Second, names: map[string][]string{"192.0.2.1": {"a."}}}
		c := New(t.Context(), f, Limits{})
		start := time.Now()
		if _, ok := c.Name(one); ok {
			t.Error("a name before any lookup")
		}
		c.Lookup(one)
		if _, ok := c.Name(one); ok {
			t.Error("a name before the lookup is over")
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("Lookup and Name took %v", waited)
		}
		synctest.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		if got, ok := c.Name(one); got != "a" || !ok {
			t.Errorf("Name = %q, %v", got, ok)
		}
	})
}

func TestLookupOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{delay: time.Second}
		c := New(t.Context(), f, Limits{})
		for range 10 {
			c.Lookup(one)
		}
		c.Wait(time.Minute)
		<-c.Lookup(one) // the failure is remembered as well
		if n := f.calls; n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestConcurrentLimit(t *testing.T) {
	for _, tt := range []struct {
		limits Limits
		peak   int
		takes  time.Duration
	}{
		{Limits{}, 8, 13 * time.Second}, // 100 lookups, 8 at a time
		{Limits{Concurrent: 25}, 25, 4 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{delay: time.Second}
			c := New(t.Context(), f, tt.limits)
			start := time.Now()
			addr := one
			for range 100 {
				c.Lookup(addr)
				addr = addr.Next()
			}
			if !c.Wait(time.Minute) {
				t.Error("lookups not over")
			}
			if got := time.Since(start); got != tt.takes {
				t.Errorf("took %v, want %v", got, tt.takes)
			}
			if got := f.peak; got != tt.peak {
				t.Errorf("%d at a time, want %d", got, tt.peak)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(t.Context(), &fake{delay: time.Hour}, Limits{})
		start := time.Now()
		<-c.Lookup(one)
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("gave up after %v", got)
		}
		if got, ok := c.Name(one); got != "" || !ok {
			t.Errorf("Name = %q, %v", got, ok)
		}
	})
}

func TestWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(t.Context(), &fake{delay: 3 * time.Second}, Limits{})
		c.Lookup(one)
		c.Lookup(two)
		start := time.Now()
		if c.Wait(time.Second) {
			t.Error("Wait says that all is over")
		}
		if got := time.Since(start); got != time.Second {
			t.Errorf("waited for %v", got)
		}
		if !c.Wait(time.Minute) {
			t.Error("Wait says that not all is over")
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := New(ctx, &fake{delay: time.Hour}, Limits{Concurrent: 1, Timeout: time.Hour})
		c.Lookup(one) // under way
		c.Lookup(two) // waiting for its turn
		cancel()
		start := time.Now()
		if !c.Wait(time.Minute) || time.Since(start) != 0 {
			t.Errorf("lookups went on for %v", time.Since(start))
		}
	})
}
