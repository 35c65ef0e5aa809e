package main

import (
	"fmt"
	"slices"
	"time"
)

// Targets for us, in each row: of all times, targetShare is inside, and none is
// further out than targetMiss.
const (
	targetShare = 0.999
	targetMiss  = 5 * time.Microsecond
)

// failures names the rows that miss the targets, and why. No row is a failure
// too: what was not measured is not proved.
func (r *report) failures(o options) (failures []string) {
	rows := 0
	for _, row := range r.Rows {
		if !row.ours || !slices.Contains(o.must, row.timing()) {
			continue
		}
		rows++
		if why := row.failure(o.samples); why != "" {
			failures = append(failures, fmt.Sprintf("%s, %s, %s, IPv%s: %s", row.Condition, row.Tool, row.Protocol, row.Family, why))
		}
	}
	if rows == 0 {
		failures = append(failures, fmt.Sprintf("no row is of the timings %v", o.must))
	}
	return failures
}

// timing is the choice of --timing of a row of ours.
func (r row) timing() string { return r.Tool[min(len(ourName)+1, len(r.Tool)):] }

// failure tells why the row misses the targets, or "".
func (r row) failure(want int) string {
	switch {
	case r.Error != "":
		return r.Error
	case r.Unmatched > 0:
		return fmt.Sprintf("%d times belong to no captured packets", r.Unmatched)
	case r.Samples < want:
		return fmt.Sprintf("%d times, want %d", r.Samples, want)
	case r.share() < targetShare:
		return fmt.Sprintf("%s inside, want %.1f %%", percent(r.tally), 100*targetShare)
	case r.Miss != nil && r.Miss.Max.Abs() > targetMiss:
		return fmt.Sprintf("a time is %v outside, want at most %v", r.Miss.Max, targetMiss)
	}
	return ""
}
