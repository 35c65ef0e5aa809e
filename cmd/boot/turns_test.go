package main

import (
	"bytes"
	"testing"
)

// What is written comes out in the order of the writers, at once for the first.
func TestTurns(t *testing.T) {
	var out bytes.Buffer
	all := turns{to: &out}
	a, b, c := all.add(), all.add(), all.add()
	for _, step := range []struct {
		of    *turn
		write string // or close
		want  string
	}{
		{b, "b1", ""}, {a, "a1", "a1"}, {c, "c1", "a1"}, {c, "", "a1"}, {b, "b2", "a1"}, {a, "a2", "a1a2"},
		{a, "", "a1a2b1b2"}, {b, "b3", "a1a2b1b2b3"}, {b, "", "a1a2b1b2b3c1"},
	} {
		err := error(nil)
		if step.write == "" {
			err = step.of.Close()
		} else {
			_, err = step.of.Write([]byte(step.write))
		}
		if err != nil || out.String() != step.want {
			t.Fatalf("after %q: %q, %v, want %q", step.write, out.String(), err, step.want)
		}
	}
}
