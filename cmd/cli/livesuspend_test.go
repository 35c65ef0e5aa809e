package cli_test

import (
	"strings"
	"testing"
)

// Ctrl-Z gives the terminal back as it was, and fg takes it again, in the size that it
// has by then.
func TestLiveSuspends(t *testing.T) {
	l := chain(t, 1)
	x := openTmux(t, l, "80x24")
	before := x.state()
	x.watch(l, "")
	x.shows("reached in 2 hops")
	x.keys("C-z")
	x.shows("Stopped")
	if state := x.state(); state != before {
		t.Errorf("suspended, the terminal is\n%s, was\n%s", state, before)
	}
	x.run("resize-window", "-x", "60", "-y", "14")
	x.line("fg")
	x.await("the view again", func(s string) bool {
		lines := strings.Split(s, "\n")
		return len(lines) == 14 && len([]rune(lines[0])) == 60 && strings.HasPrefix(lines[13], "? help")
	})
	x.keys("q")
	x.await("its end", func(s string) bool { return !strings.Contains(s, "? help") && strings.HasSuffix(s, "$") })
	if now := hooked(t, l); len(now) > 0 {
		t.Errorf("when it has ended, there is %v", now)
	}
}
