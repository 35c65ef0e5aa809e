package live

import (
	"context"
	"errors"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// Run shows the path on a terminal until somebody quits or the context ends, which
// is an error of the context's. It returns what was found out by each way. However it
// ends, the terminal is put back as it was.
func Run(ctx context.Context, cfg Config, in, out *os.File) ([]*rounds.Record, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var p *tea.Program
	e := newEngine(cfg, func(m tea.Msg) { p.Send(m) })
	m := newModel(cfg, e.set)
	p = tea.NewProgram(m, tea.WithInput(in), tea.WithOutput(out), tea.WithoutSignalHandler())
	// Not tea.WithContext, which does not wait for what reads the keys.
	defer context.AfterFunc(ctx, p.Quit)()
	var crashed *crash
	var working sync.WaitGroup
	working.Go(func() {
		guarded(func() { e.run(ctx) }, func(c *crash) {
			crashed = c
			cancel() // which ends the screen
		})
	})
	_, err := p.Run()
	interrupted := ctx.Err()
	cancel()
	working.Wait()
	if crashed != nil {
		panic(crashed.String())
	}
	if interrupted != nil {
		return m.records, interrupted
	}
	if errors.Is(err, tea.ErrInterrupted) {
		err = nil
	}
	return m.records, err
}
