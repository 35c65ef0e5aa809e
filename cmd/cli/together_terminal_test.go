package cli_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/internal/ptytest"
)

// shown collects what a terminal is told.
type shown struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *shown) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.text.String(), text)
}

// On a terminal one bar counts the targets that are over, whichever those are; what
// they say stands above it. The targets come by standard input here.
func TestTogetherOnTerminal(t *testing.T) {
	front := silence(t)
	silent := front.Nodes()[len(front.Nodes())-1].V4.String()
	master, terminal := ptytest.Open(t)
	p := root.command("-n", "-w", "60", "--format", "csv", "--timing", "socket", "-")
	p.Stdin, p.Stderr = strings.NewReader("# slow at first\n"+silent+"\n127.0.0.1\n224.0.0.1\n127.0.0.2\n"), terminal
	var screen shown
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			if err != nil {
				return
			}
			screen.Write(buffer[:n])
		}
	}()
	p.startAt(t, front.Lab)
	await(t, "a bar that counts three of four", func() bool { return screen.has("tracing 4 targets") && screen.has(" 3 / 4 ") })
	p.signal(t, unix.SIGTERM)
	got := p.end(t)
	order := []string{silent + ",", "127.0.0.1,", "127.0.0.2,"}
	last := -1
	for _, start := range order {
		at := strings.Index(got.stdout, "\n"+start)
		if at <= last {
			t.Errorf("rows of %s begin at %d, want them behind %d:\n%s", start, at, last, got.stdout)
		}
		last = at
	}
	if strings.Count(got.stdout, "target,address") != 1 {
		t.Errorf("the columns are named more than once:\n%s", got.stdout)
	}
	await(t, "the address that is refused", func() bool { return screen.has("224.0.0.1 is no host") })
	if got.status != 2 {
		t.Errorf("status %d, want 2", got.status)
	}
}
