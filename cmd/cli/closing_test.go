package cli

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
)

// closer counts how often it is closed, and takes its time for it.
type closer struct {
	begun    chan struct{}
	released chan struct{}
	closed   atomic.Int32
	err      error
}

func (c *closer) Close() error {
	if c.closed.Add(1) == 1 {
		close(c.begun)
	}
	<-c.released
	return c.err
}

// A clock that is being closed beside its user is closed once, and nobody who closes
// it goes on before it is, or misses why that failed.
func TestClockClosedBeside(t *testing.T) {
	part := &closer{begun: make(chan struct{}), released: make(chan struct{}), err: errors.New("stuck")}
	c := &clock{closers: []io.Closer{part}}
	var callers sync.WaitGroup
	var returned atomic.Int32
	for range 3 {
		callers.Go(func() {
			if err := c.Close(); !errors.Is(err, part.err) {
				t.Errorf("a caller got %v", err)
			}
			returned.Add(1)
		})
	}
	<-part.begun
	if n := returned.Load(); n != 0 {
		t.Errorf("%d callers went on before it was closed", n)
	}
	close(part.released)
	callers.Wait()
	if n := part.closed.Load(); n != 1 {
		t.Errorf("closed %d times", n)
	}
}
