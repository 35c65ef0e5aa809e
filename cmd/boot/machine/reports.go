package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
)

// reports collects what the guest tells.
type reports struct {
	start time.Time
	boot  time.Duration
	last  guest.Report
	want  int // statuses
}

func (r *reports) read(from io.Reader) {
	lines := json.NewDecoder(from)
	for lines.Decode(&r.last) == nil {
		if r.boot == 0 {
			r.boot = time.Since(r.start)
		}
	}
	io.Copy(io.Discard, from)
}

// farewell is what the kernel prints whenever it goes off.
var farewell = regexp.MustCompile(`(?m)^\[ *[\d.]+\] reboot: Power down\r?\n`)

func (r *reports) result(console string, err error) (Result, error) {
	result := Result{
		Release: r.last.Release, BTF: r.last.BTF, Statuses: r.last.Statuses, Boot: r.boot, Elapsed: time.Since(r.start),
		Console: farewell.ReplaceAllString(console, ""),
	}
	switch {
	case r.last.Failure != "":
		return result, fmt.Errorf("machine: %s", r.last.Failure)
	case len(r.last.Statuses) == r.want:
		return result, nil
	}
	return result, errors.Join(fmt.Errorf("%w; its console says:\n%s", ErrNoStatus, console), err)
}
