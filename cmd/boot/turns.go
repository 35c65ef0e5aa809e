package main

import (
	"bytes"
	"io"
	"sync"
)

// turns lets several machines write to one output, each in one piece: what is
// written out of turn waits in memory.
type turns struct {
	mu  sync.Mutex
	to  io.Writer
	all []*turn // those that have not ended, in their order
}

// turn is one writer's.
type turn struct {
	*turns
	waiting bytes.Buffer
	ended   bool
}

// add returns the writer that comes after those that were added before.
func (t *turns) add() *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := &turn{turns: t}
	t.all = append(t.all, one)
	return one
}

func (t *turn) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all[0] == t {
		return t.to.Write(b)
	}
	return t.waiting.Write(b)
}

// Close ends a turn: the next writer has waited for it.
func (t *turn) Close() (err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	for len(t.all) > 0 && t.all[0].ended && err == nil {
		if t.all = t.all[1:]; len(t.all) > 0 {
			_, err = t.all[0].waiting.WriteTo(t.to)
		}
	}
	return err
}
