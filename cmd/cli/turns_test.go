package cli

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// Whoever is done first, everything comes out in order, and apart.
func TestTurnsInOrder(t *testing.T) {
	const n = 50
	var out, diag bytes.Buffer
	q := newTurns(format(t, "table").Join(&out), &diag, n)
	var want, said strings.Builder
	var all sync.WaitGroup
	for _, i := range rand.Perm(n) {
		all.Go(func() {
			turn := &q.all[i]
			defer turn.close()
			if i%7 == 3 {
				fmt.Fprintf(turn.stderr(), "%d failed\n", i)
				return
			}
			for line := range 3 {
				fmt.Fprintf(turn.stdout(), "%d.%d\n", i, line)
			}
		})
	}
	all.Wait()
	for i := range n {
		if i%7 == 3 {
			fmt.Fprintf(&said, "%d failed\n", i)
			continue
		}
		if i > 0 {
			want.WriteString("\n")
		}
		fmt.Fprintf(&want, "%d.0\n%d.1\n%d.2\n", i, i, i)
	}
	if out.String() != want.String() || diag.String() != said.String() {
		t.Errorf("got\n%s%s\nwant\n%s%s", &out, &diag, &want, &said)
	}
}

// What the first writes is seen at once, and what the second does when the first is
// over.
func TestTurnsPassOn(t *testing.T) {
	var out bytes.Buffer
	q := newTurns(format(t, "jsonl").Join(&out), &out, 2)
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() { fmt.Fprint(q.all[1].stdout(), "c") }, ""},
		{func() { fmt.Fprint(q.all[0].stdout(), "a") }, "a"},
		{func() { fmt.Fprint(q.all[0].stdout(), "b") }, "ab"},
		{q.all[0].close, "abc"},
		{func() { fmt.Fprint(q.all[1].stdout(), "d") }, "abcd"},
		{q.all[1].close, "abcd"},
	} {
		if step.do(); out.String() != step.want {
			t.Errorf("%q, want %q", out.String(), step.want)
		}
	}
}

// A trace is begun only when those that wait for their turn are few.
func TestTurnsAreBounded(t *testing.T) {
	q := newTurns(format(t, "jsonl").Join(new(bytes.Buffer)), new(bytes.Buffer), 4)
	q.await(1, 2)
	begun := make(chan struct{})
	go func() { q.await(2, 2); close(begun) }()
	q.all[1].close()
	select {
	case <-begun:
		t.Fatal("the third began before the first was over")
	default:
	}
	q.all[0].close()
	<-begun
}

type full struct{ writes int }

func (f *full) Write([]byte) (int, error) {
	f.writes++
	return 0, errors.New("no space")
}

// Nothing is written after an error, which is not lost.
func TestTurnsFail(t *testing.T) {
	disk := &full{}
	q := newTurns(format(t, "table").Join(disk), new(bytes.Buffer), 2)
	for i := range q.all {
		if _, err := fmt.Fprint(q.all[i].stdout(), "line\n"); i == 0 && err == nil {
			t.Error("no error, want one")
		}
		q.all[i].close()
	}
	if err := q.close(); status(err) != ExitNotReached || disk.writes != 1 {
		t.Errorf("%v after %d writes, want one", err, disk.writes)
	}
}

func format(t *testing.T, name string) output.Format {
	t.Helper()
	f, err := output.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLinesNameTheirHost(t *testing.T) {
	for line, want := range map[string]string{
		"ebpftrace: no route\n":     "ebpftrace: h: no route\n",
		"ebpftrace: no way to h\n":  "ebpftrace: no way to h\n",
		"another program's line.\n": "another program's line.\n",
	} {
		var out bytes.Buffer
		fmt.Fprint(ofHost{&out, "h"}, line)
		if out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	}
}
