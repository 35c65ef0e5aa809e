package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// screen is a terminal, and what was written to it.
type screen struct {
	master, terminal *os.File
	before           unix.Termios

	mu   sync.Mutex
	text strings.Builder
}

func openScreen(t *testing.T) *screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var number int
	err = onFile(master, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return errors.Join(err, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}))
	})
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{master: master, terminal: terminal}
	s.before = s.settings(t)
	go io.Copy(s, master)
	t.Cleanup(func() { terminal.Close(); master.Close() })
	return s
}

// onFile calls fn with the descriptor, and leaves the file one that can be waited for.
func onFile(f *os.File, fn func(fd int) error) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	return errors.Join(c.Control(func(fd uintptr) { err = fn(int(fd)) }), err)
}

func (s *screen) settings(t *testing.T) (settings unix.Termios) {
	t.Helper()
	err := onFile(s.terminal, func(fd int) error {
		got, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err == nil {
			settings = *got
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("within 30 s there was not %s", what)
		}
	}
}

// restored fails unless the terminal is as it was: settings, screen and cursor.
func (s *screen) restored(t *testing.T) {
	t.Helper()
	if after := s.settings(t); after != s.before {
		t.Errorf("settings of the terminal: %+v, want %+v", after, s.before)
	}
	const alternate, normal, hidden, visible = "\x1b[?1049h", "\x1b[?1049l", "\x1b[?25l", "\x1b[?25h"
	await(t, "the normal screen with its cursor", func() bool {
		text := s.written()
		return strings.LastIndex(text, normal) > strings.LastIndex(text, alternate) &&
			strings.LastIndex(text, visible) > strings.LastIndex(text, hidden)
	})
}

// panicking is a source that panics when it is time.
type panicking struct {
	*sim.Link
	time func() bool
}

func (p *panicking) Next(deadline time.Time) (tracer.Answer, error) {
	if p.time() {
		panic("a defect")
	}
	return p.Link.Next(deadline)
}

// simulated is a way through a simulated network.
func simulated(t *testing.T, name string) (*sim.Link, Way) {
	t.Helper()
	s, err := sim.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	w := way("udp", 33434)
	flow := probe.Flow{
		Source: s.TargetAddr(false).Next(), Target: s.TargetAddr(false),
		SourcePort: 45000, TargetPort: 33434, FlowLabel: 1, Secret: 0xbeef,
	}
	link := sim.NewLink(sim.New(s, 1), sim.LinkOptions{Secret: flow.Secret, SourcePort: flow.SourcePort})
	w.Trace, w.Sender, w.Source = tracer.Config{Flow: flow}, link, link
	return link, w
}

// A panic, wherever it comes from, leaves the terminal in order.
func TestPanic(t *testing.T) {
	s := openScreen(t)
	link, w := simulated(t, "clean")
	w.Source = &panicking{link, func() bool { return strings.Contains(s.written(), "reached") }}
	var got any
	func() {
		defer func() { got = recover() }()
		Run(t.Context(), Config{Ways: []Way{w}, Interval: 10 * time.Millisecond}, s.terminal, s.terminal)
	}()
	if text := fmt.Sprint(got); !strings.Contains(text, "a defect") || !strings.Contains(text, "Next") {
		t.Errorf("%.200s; want the defect, and where it is", text)
	}
	s.restored(t)
}

// When the context ends, so does the screen, which leaves the terminal in order.
func TestContext(t *testing.T) {
	s := openScreen(t)
	_, w := simulated(t, "clean")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error)
	go func() {
		_, err := Run(ctx, Config{Ways: []Way{w}, Interval: time.Second}, s.terminal, s.terminal)
		done <- err
	}()
	await(t, "a round", func() bool { return strings.Contains(s.written(), "reached") })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	s.restored(t)
}

// Rounds that fail are tried again, and go on where they were. After Count of them
// there are no more.
func TestFailingRounds(t *testing.T) {
	s := openScreen(t)
	_, w := simulated(t, "clean")
	fail := 2
	w.Watch = func(ctx context.Context) (context.Context, func() error, error) {
		if fail--; fail >= 0 {
			return nil, nil, errors.New("interface eth0 went down")
		}
		return ctx, func() error { return nil }, nil
	}
	done := make(chan int)
	go func() {
		records, err := Run(t.Context(), Config{Ways: []Way{w}, Interval: 10 * time.Millisecond, Count: 3}, s.terminal, s.terminal)
		if err != nil {
			t.Error(err)
		}
		done <- records[0].Rounds
	}()
	await(t, "the failure", func() bool { return strings.Contains(s.written(), "went down") })
	await(t, "the last round", func() bool { return strings.Contains(s.written(), "all rounds made") })
	if _, err := s.master.WriteString("q"); err != nil {
		t.Fatal(err)
	}
	if n := <-done; n != 3 {
		t.Errorf("%d rounds, want 3", n)
	}
	s.restored(t)
}
