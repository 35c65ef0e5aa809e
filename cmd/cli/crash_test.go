package cli_test

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// panicIn names the goroutine of this test binary, as the program, that is to
// panic while it traces.
const panicIn = "EBPFTRACE_TEST_PANIC_IN"

// panics are the ways there are.
var panics = map[string]func(){
	// output.Async calls Start from the goroutine that traces, Hop from its own.
	"main":     func() { replaceTable(func(w output.Writer) output.Writer { return startPanics{w} }) },
	"writer":   func() { replaceTable(func(w output.Writer) output.Writer { return hopPanics{w} }) },
	"resolver": func() { net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: dialPanics} },
}

// It runs before TestMain, so before the program.
func init() {
	if prepare, ok := panics[os.Getenv(panicIn)]; ok {
		prepare()
	}
}

func replaceTable(wrap func(output.Writer) output.Writer) {
	table := output.Formats[0].New
	output.Formats[0].New = func(w io.Writer) output.Writer { return wrap(table(w)) }
}

type startPanics struct{ output.Writer }

func (startPanics) Start(output.Header) error { panic("on purpose") }

type hopPanics struct{ output.Writer }

func (hopPanics) Hop(tracer.Hop) error { panic("on purpose") }

func dialPanics(context.Context, string, string) (net.Conn, error) { panic("on purpose") }

// A panic in any goroutine, and a signal that crashes the runtime, end the program
// as such do, and leave nothing attached.
func TestCrash(t *testing.T) {
	front := silence(t)
	l := chain(t, 1)
	w := somebody(t)
	target := l.Nodes()[2].V4.String()
	for _, attach := range attachments(t) {
		for where := range panics {
			t.Run(attach+" panic in "+where, func(t *testing.T) {
				p := w.command("--attach", attach, target)
				p.Env = append(p.Env, panicIn+"="+where)
				checkCrash(t, "a panic", p.startAt(t, l).end(t), "panic: on purpose")
				checkNothingLeft(t, "a panic", remains(t, l, w, kernelObjects{}, pinned()))
			})
		}
		for name, signal := range map[string]unix.Signal{"SIGQUIT": unix.SIGQUIT, "SIGSEGV": unix.SIGSEGV, "SIGABRT": unix.SIGABRT} {
			t.Run(attach+" "+name, func(t *testing.T) {
				p := waiting(t, front, w, "--attach", attach)
				had := loadedBy(w.uid)
				if len(hooked(t, front.Lab)) == 0 || len(had.programs) == 0 {
					t.Error("nothing is attached, so this tests nothing")
				}
				p.signal(t, signal)
				checkCrash(t, name, p.end(t), name)
				checkNothingLeft(t, name, remains(t, front.Lab, w, had, pinned()))
			})
		}
	}
}

// checkCrash wants the Go runtime's status and dump.
func checkCrash(t *testing.T, what string, got outcome, dump string) {
	t.Helper()
	if got.status != 2 || !strings.Contains(got.stderr, dump) || !strings.Contains(got.stderr, "goroutine ") {
		t.Errorf("%s: status %d, stderr %q; want a crash", what, got.status, got.stderr)
	}
}
