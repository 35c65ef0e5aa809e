package record

import (
	"maps"
	"net/netip"
	"sync"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// told are names as they were told to whoever asked last, for that is what the run
// showed. Addresses that nobody asked for have none.
type told struct {
	output.Names
	mu    sync.Mutex
	known map[netip.Addr]string
	// written: names that come from now on are too late for the file, and so for
	// what else is written of the run.
	written bool
}

// Names returns names that say what n does, and keeps it; nil for nil.
func (r *Recorder) Names(n output.Names) output.Names {
	if r == nil || n == nil {
		return n
	}
	r.names = tell(n)
	return r.names
}

func tell(n output.Names) *told { return &told{Names: n, known: map[netip.Addr]string{}} }

// Name implements output.Names.
func (t *told) Name(addr netip.Addr) (string, bool) {
	name, over := t.Names.Name(addr)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.written {
		return t.known[addr], true
	}
	if name != "" {
		t.known[addr] = name
	}
	return name, over
}

// Wait waits until the lookups started so far are over, but not longer than timeout, if
// the names can tell. It reports whether they are.
func (t *told) Wait(timeout time.Duration) bool {
	w, ok := t.Names.(interface{ Wait(time.Duration) bool })
	return !ok || w.Wait(timeout)
}

// all returns the names that were told, and has no more of them told; nil of nil.
func (t *told) all() map[netip.Addr]string {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.written = true
	return maps.Clone(t.known)
}

// book holds the names that a file has.
type book map[netip.Addr]string

var over = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Lookup implements output.Names: it is always over.
func (b book) Lookup(netip.Addr) <-chan struct{} { return over }

// Name implements output.Names.
func (b book) Name(addr netip.Addr) (string, bool) { return b[addr], true }
