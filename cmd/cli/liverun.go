package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/live"
)

// live does what the command line asks for. The error carries the exit status.
func (o *liveOptions) live(ctx context.Context, stdout, stderr io.Writer) (err error) {
	out, shown := stdout.(*os.File)
	if !o.summary && !(shown && terminal(out) && terminal(os.Stdin)) {
		return usage("the live view needs a terminal: use -r for a report")
	}
	if !o.summary && os.Getenv("TERM") == "dumb" {
		return usage("the live view needs a terminal that can move its cursor, and TERM is dumb: use -r for a report")
	}
	keep, err := o.keeper()
	if err != nil {
		return err
	}
	defer keep.Close()
	closeOrigins, err := o.openOrigins(ctx)
	if err != nil {
		return err
	}
	defer closeOrigins()
	w, err := o.ways(ctx)
	if err != nil {
		return err
	}
	defer func() { complain(stderr, w.Close()) }()
	if err := w.confine(); err != nil {
		return err
	}
	if o.summary && o.numeric {
		w.all[0].Header.Names = nil
	}
	keep.watch(w.all, time.Duration(o.interval))
	if o.summary {
		return o.make(ctx, w.all[0], keep, stdout, stderr)
	}
	return o.show(ctx, w, keep, out)
}

// ending are the signals that end a process beside those that all commands heed: the
// screen has to be put in order before.
var ending = []os.Signal{unix.SIGQUIT, unix.SIGUSR1, unix.SIGUSR2, unix.SIGALRM, unix.SIGVTALRM, unix.SIGXCPU}

// show runs the screen.
func (o *liveOptions) show(ctx context.Context, w *ways, keep *keeper, out *os.File) error {
	chosen, err := live.Named(o.columns)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, ending...)
	defer stop()
	records, err := live.Run(ctx, live.Config{
		Ways: w.all, First: w.first, Interval: time.Duration(o.interval), Count: o.count,
		Names: !o.numeric, Columns: chosen, Plain: !utf8Locale(os.Getenv), Verdicts: liveVerdicts,
		OnRound: keep.round,
	}, os.Stdin, out)
	failed := err
	if ctx.Err() != nil {
		failed = nil // a signal is no failure of the rounds
	}
	if kerr := keep.watched(w.all, records, ctx.Err() != nil, failed); kerr != nil {
		return &exitError{ExitNotReached, errors.Join(err, kerr)}
	}
	if ctx.Err() != nil {
		return &exitError{status: ExitNotReached} // by a signal, so nobody asks why
	}
	if err != nil {
		return &exitError{ExitNotReached, err}
	}
	for _, r := range records {
		if r.Ever {
			return nil
		}
	}
	return &exitError{status: ExitNotReached}
}

// utf8Locale reports whether the terminal is to be sent more than ASCII, by what
// locale(7) says decides it. A locale that is not set says nothing.
func utf8Locale(env func(string) string) bool {
	locale := cmp.Or(env("LC_ALL"), env("LC_CTYPE"), env("LANG"))
	upper := strings.ToUpper(locale)
	return locale == "" || strings.Contains(upper, "UTF-8") || strings.Contains(upper, "UTF8")
}
