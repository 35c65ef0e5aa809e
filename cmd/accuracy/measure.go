package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// row is what one tool made of one protocol and family in one condition.
type row struct {
	Condition string `json:"condition"`
	Tool      string `json:"tool"`
	Protocol  string `json:"protocol"`
	Family    string `json:"family"`
	// Command is that of each of the Runs.
	Command string `json:"command"`
	Runs    int    `json:"runs"`
	tally
	// Rounding bounds what the tool's output rounds off, either way.
	Rounding time.Duration `json:"rounding_ns"`
	// Throttled is how often the quota made the tool wait.
	Throttled int `json:"throttled,omitempty"`
	// Error says why the row is not whole.
	Error string `json:"error,omitempty"`
	ours  bool
}

// attempts is how often a row is taken anew because the captures were
// disturbed.
const attempts = 3

// measure takes a row of at least p.samples, unless it says why not.
func (s *surroundings) measure(ctx context.Context, t tool, p probing) row {
	argv := append([]string{t.program}, t.args(p)...)
	r := row{Condition: s.name, Tool: t.name, Protocol: p.protocol, Family: p.family, Rounding: t.rounding, ours: t.ours}
	r.Command = strings.Join(append([]string{filepath.Base(t.program)}, argv[1:]...), " ")
	var err error
	for range attempts {
		if err = s.attempt(ctx, &r, t, argv, p.samples); !errors.Is(err, errDropped) && !errors.Is(err, errStepped) {
			break
		}
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

// attempt captures both ends while the tool runs, and sets the row's counts.
func (s *surroundings) attempt(ctx context.Context, r *row, t tool, argv []string, want int) (err error) {
	dir, done, err := s.evidence(r)
	if err != nil {
		return err
	}
	defer done()
	offset, err := wallOffset()
	if err != nil {
		return err
	}
	throttled := s.throttles()
	near, far, runs, err := s.captured(dir, func() ([]run, error) { return s.runs(ctx, t, argv, want, dir) })
	if err := errors.Join(err, unstepped(offset)); err != nil {
		return err
	}
	r.Runs, r.Throttled = len(runs), s.throttles()-throttled
	r.tally = judge(runs, pair(follow(near, s.isClient), follow(far, s.isClient)), t.rounding)
	return nil
}

// judge matches all runs.
func judge(runs []run, all []passage, rounding time.Duration) tally {
	var found []judged
	unmatched := 0
	for _, run := range runs {
		f, u := match(run.samples, during(all, run.start, run.end))
		found, unmatched = append(found, f...), unmatched+u
	}
	return count(found, unmatched, rounding)
}

// evidence returns a directory for the row's captures and outputs, and what to
// do when they are done with.
func (s *surroundings) evidence(r *row) (dir string, done func(), err error) {
	if s.keep != "" {
		name := strings.Join([]string{r.Condition, r.Tool, r.Protocol, r.Family}, "-")
		dir = filepath.Join(s.keep, strings.ReplaceAll(name, " ", "-"))
		if old, err := filepath.Glob(filepath.Join(dir, "run*.out")); err == nil {
			for _, file := range old {
				os.Remove(file) // of an attempt before
			}
		}
		return dir, func() {}, os.MkdirAll(dir, 0o755)
	}
	dir, err = os.MkdirTemp("", "accuracy-")
	return dir, func() { os.RemoveAll(dir) }, err
}
