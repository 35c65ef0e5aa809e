package doctor

import (
	"errors"
	"io/fs"
	"os"
)

// Status says how a thing that a trace needs is.
type Status string

// The statuses.
const (
	// OK: nothing is lacking.
	OK Status = "ok"
	// Degraded: it works, but with less precision or function.
	Degraded Status = "degraded"
	// Missing: what it is for does not work.
	Missing Status = "missing"
	// Unknown: it could not be seen, or there is nothing to look at.
	Unknown Status = "unknown"
)

// Result is one line of the report.
type Result struct {
	// Name is that of the [Check].
	Name   string `json:"name"`
	Status Status `json:"status"`
	// Found is what is there.
	Found string `json:"found"`
	// Cost is what that costs in precision or function; empty: nothing.
	Cost string `json:"cost,omitempty"`
	// Mend is a shell command that mends it, in one line; empty if there is
	// nothing to mend or no command does.
	Mend string `json:"mend,omitempty"`
	// Note is what else can be done, or is to be minded when Mend is run.
	Note string `json:"note,omitempty"`
}

// unseen is the result where a look has failed.
func unseen(err error) Result {
	why := err.Error()
	path := (*fs.PathError)(nil)
	switch {
	case errors.As(err, &path) && isMissing(err):
		why = "there is no /" + path.Path
	case errors.Is(err, os.ErrPermission):
		why = "needs root"
	}
	return Result{Status: Unknown, Found: "not seen: " + why}
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
