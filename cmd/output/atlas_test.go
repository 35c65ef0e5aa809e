package output

import (
	"strings"
	"testing"
)

// A flood of copies does not make a result of any length.
func TestAtlasFlood(t *testing.T) {
	f, err := ByName("atlas")
	if err != nil {
		t.Fatal(err)
	}
	s := sample{header: header4, trace: trace(0, ms, at(1, heard("192.0.2.1", ms, dup(1<<40))))}
	if n := strings.Count(string(render(t, f, s)), `"dup":true`); n != atlasCopies {
		t.Errorf("%d copies, want %d", n, atlasCopies)
	}
}
