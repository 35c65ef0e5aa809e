package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

const (
	// rowLongest and maxRuns bound what is taken for one row, runLongest one
	// run of a tool.
	rowLongest = 2 * time.Minute
	maxRuns    = 300
	runLongest = time.Minute
)

// run is when a tool ran and what it told.
type run struct {
	start, end time.Time
	samples    []sample
}

// captured calls work between the start and the end of both captures.
func (s *surroundings) captured(dir string, work func() ([]run, error)) (near, far []frame, runs []run, err error) {
	n, err := startCapture(s.Lab, nearNode, filepath.Join(dir, "near.pcap"))
	if err != nil {
		return nil, nil, nil, err
	}
	f, err := startCapture(s.Lab, farNode, filepath.Join(dir, "far.pcap"))
	if err != nil {
		_, stopped := n.stop()
		return nil, nil, nil, errors.Join(err, stopped)
	}
	runs, err = work()
	time.Sleep(flushAfter)
	near, nearErr := n.stop()
	far, farErr := f.stop()
	return near, far, runs, errors.Join(err, nearErr, farErr)
}

// runs repeats the command until it has told enough times.
func (s *surroundings) runs(ctx context.Context, t tool, argv []string, want int, dir string) (runs []run, err error) {
	have := 0
	for begin := time.Now(); have < want && len(runs) < maxRuns && time.Since(begin) < rowLongest; {
		r, err := s.once(ctx, t, argv, filepath.Join(dir, fmt.Sprintf("run%d.out", len(runs))))
		if err != nil {
			return nil, err
		}
		runs, have = append(runs, r), have+len(r.samples)
	}
	return runs, nil
}

// once runs the command in the client and writes what it wrote to file.
func (s *surroundings) once(ctx context.Context, t tool, argv []string, file string) (r run, err error) {
	ctx, cancel := context.WithTimeout(ctx, runLongest)
	defer cancel()
	if s.quota != nil {
		argv = s.quota.wrap(argv)
	}
	var out, errs bytes.Buffer
	r.start = time.Now().Round(0)
	status, err := s.Run(ctx, nearNode, lab.Command{Argv: argv, Stdout: &out, Stderr: &errs})
	r.end = time.Now().Round(0)
	if err := errors.Join(err, os.WriteFile(file, out.Bytes(), 0o644)); err != nil {
		return r, fmt.Errorf("%s: %w", t.name, err)
	}
	r.samples, err = t.parse(out.Bytes())
	if err == nil && len(r.samples) == 0 {
		err = errors.New("no times")
	}
	if err != nil {
		err = fmt.Errorf("%s: %w (status %d: %.300s)", t.name, err, status, slices.Concat(errs.Bytes(), out.Bytes()))
	}
	return r, err
}

// throttles is how often the quota has made somebody wait, 0 without one.
func (s *surroundings) throttles() int {
	if s.quota == nil {
		return 0
	}
	n, err := s.quota.throttled()
	if err != nil {
		return 0
	}
	return n
}
