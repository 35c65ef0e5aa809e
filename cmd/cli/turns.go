package cli

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// turns puts what several traces write, at the same time, in order: it passes on what
// the first one writes that is not over yet, and holds back what the others do.
type turns struct {
	mu    sync.Mutex
	moved *sync.Cond // next has moved on
	out   output.Joiner
	diag  io.Writer
	all   []turn
	next  int
	err   error // first error of out
}

// turn is where one trace writes.
type turn struct {
	turns    *turns
	index    int
	out, err bytes.Buffer // held back
	over     bool
}

func newTurns(out output.Joiner, stderr io.Writer, n int) *turns {
	q := &turns{out: out, diag: stderr, all: make([]turn, n)}
	q.moved = sync.NewCond(&q.mu)
	for i := range q.all {
		q.all[i].turns, q.all[i].index = q, i
	}
	return q
}

// await returns a turn, once it is less than so many ahead of the first that is not
// over.
func (q *turns) await(index, ahead int) *turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	for index-q.next >= ahead {
		q.moved.Wait()
	}
	return &q.all[index]
}

// close returns the first error of writing.
func (q *turns) close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		return nil
	}
	return &exitError{ExitNotReached, q.err}
}

func (t *turn) stdout() io.Writer {
	return writerFunc(func(p []byte) error { return t.write(&t.out, p) })
}
func (t *turn) stderr() io.Writer {
	return writerFunc(func(p []byte) error { return t.write(&t.err, p) })
}

// write holds back, and passes on if it is this one's turn.
func (t *turn) write(to *bytes.Buffer, p []byte) error {
	t.turns.mu.Lock()
	defer t.turns.mu.Unlock()
	to.Write(p)
	if t.index == t.turns.next {
		t.turns.flush(t)
	}
	return t.turns.err
}

// close ends a turn, and begins those that come next and were waiting for that.
func (t *turn) close() {
	q := t.turns
	q.mu.Lock()
	defer q.mu.Unlock()
	t.over = true
	for q.next < len(q.all) && q.all[q.next].over {
		q.flush(&q.all[q.next])
		if q.next++; q.next < len(q.all) {
			q.err = errors.Join(q.err, q.out.Next())
			q.flush(&q.all[q.next])
		}
	}
	q.moved.Broadcast()
}

// flush writes what was held back. After an error nothing more is written.
func (q *turns) flush(t *turn) {
	if q.err == nil && t.out.Len() > 0 {
		_, q.err = q.out.Write(t.out.Bytes())
	}
	_, _ = t.err.WriteTo(q.diag) // nobody is left to tell
	t.out, t.err = bytes.Buffer{}, bytes.Buffer{}
}
