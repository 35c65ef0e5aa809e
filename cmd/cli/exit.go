package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// The exit statuses.
const (
	ExitReached    = 0 // the target was reached
	ExitNotReached = 1 // it was not, or the trace failed on its way
	ExitUsage      = 2 // what was asked for makes no sense or can't be found
	ExitForbidden  = 3 // this machine does not allow it: capability or kernel
)

// exitError carries an exit status with an error; a nil err has been told.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string { return fmt.Sprint(e.err) }
func (e *exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &exitError{ExitUsage, fmt.Errorf(format, args...)}
}

// status tells what an error means to the shell. Errors that nobody gave a
// status come from reading the command line.
func status(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return ExitReached
	case errors.As(err, &exit):
		return exit.status
	case forbidden(err):
		return ExitForbidden
	}
	return ExitUsage
}

// asFailure marks an error as one that comes neither from what was asked for nor
// from what this machine forbids.
func asFailure(err error) error {
	var exit *exitError
	if err == nil || errors.As(err, &exit) || forbidden(err) {
		return err
	}
	return &exitError{ExitNotReached, err}
}

func forbidden(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, errors.ErrUnsupported)
}

// complain writes an error as one line, and errors that were joined as one line each.
func complain(w io.Writer, err error) {
	var exit *exitError
	if err == nil || errors.As(err, &exit) && exit.err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(w, "ebpftrace: %s\n", line)
	}
}
