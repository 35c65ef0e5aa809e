package cli

import (
	"io"
	"os"
	"sync"

	"github.com/cheggaaa/pb/v3"
	"github.com/mattn/go-isatty"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// screen shares a terminal between the lines of the output and a bar below.
type screen struct {
	mu    sync.Mutex
	out   io.Writer
	err   io.Writer
	drawn bool
}

const eraseLine = "\r\x1b[K"

// Write writes lines of output, after wiping the bar out of their way.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drawn {
		io.WriteString(s.err, eraseLine)
		s.drawn = false
	}
	return s.out.Write(p)
}

// below is where the bar is drawn.
type below struct{ *screen }

func (b below) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drawn = true
	return b.err.Write(p)
}

// bar shows how far a trace is, in hops. A nil bar shows nothing.
type bar struct {
	*pb.ProgressBar
	sent int // probes, where they are shown
}

// barWidth leaves room for the "^C" that a terminal of 80 columns echoes: behind
// a full line it would go to the next one, and the bar could not be wiped.
const barWidth = 76

const barTemplate = `{{ string . "prefix" }} {{ bar . }} hop {{ counters . }} {{ etime . }}`

// newBar draws a bar on stderr if that is a terminal. The Writer is where the
// output goes meanwhile.
func newBar(stdout, stderr io.Writer, target string, hops int) (*bar, io.Writer) {
	if !terminal(stderr) {
		return nil, stdout
	}
	s := &screen{out: stdout, err: stderr}
	b := pb.ProgressBarTemplate(barTemplate).New(hops).SetWriter(below{s})
	// The library can't see through below that this is a terminal.
	b.Set(pb.Terminal, true).Set(pb.ReturnSymbol, "\r").Set(pb.CleanOnFinish, true)
	b.SetMaxWidth(barWidth).Set("prefix", titled(target, lookOf(stderr).width))
	return &bar{ProgressBar: b.Start()}, s
}

// titled names the target as far as there is room beside a bar: a line that is too long
// could not be wiped.
func titled(target string, width int) string {
	const bar, besides = 10, 22 // columns of a bar to look at, of the least one with hops and time
	room := barWidth - besides - bar
	if width > 0 {
		room = min(room, max(width-besides, 0))
	}
	title := []rune("tracing " + output.Safe(target))
	if len(title) <= room {
		return string(title)
	}
	if room < len("tracing a…") {
		return "tracing"
	}
	return string(title[:room-1]) + "…"
}

func (b *bar) hop(h tracer.Hop) {
	if b != nil {
		b.SetCurrent(int64(h.TTL))
	}
}

func (b *bar) finish() {
	if b != nil {
		b.Finish()
	}
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

const lossTemplate = `{{ string . "prefix" }} {{ etime . }}`

// loss says that the trace is over, but not the run.
func (b *bar) loss() {
	if b != nil {
		b.SetTemplateString(lossTemplate).Set("prefix", "finding out what loss means, in 11 s or so:")
	}
}

const targetsTemplate = `{{ string . "prefix" }} {{ bar . }} {{ counters . }} {{ etime . }}`

// targets makes the bar one of targets.
func (b *bar) targets() {
	if b != nil {
		b.SetTemplateString(targetsTemplate)
	}
}

func (b *bar) increment() {
	if b != nil {
		b.Increment()
	}
}

// above writes lines of standard error, after wiping the bar out of their way.
type above struct{ *screen }

func (a above) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.drawn {
		io.WriteString(a.err, eraseLine)
		a.drawn = false
	}
	return a.err.Write(p)
}

// beside returns where lines of standard error go while a bar may be drawn there.
func beside(stdout, stderr io.Writer) io.Writer {
	if s, ok := stdout.(*screen); ok {
		return above{s}
	}
	return stderr
}
