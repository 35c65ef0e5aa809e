package cli

import (
	"errors"
	"os"
)

// checkApart finds out in time that two files would be written over each other.
func checkApart(flag string, a *os.File, otherFlag string, b *os.File) error {
	if ia, ib := regular(a), regular(b); ia != nil && ib != nil && os.SameFile(ia, ib) {
		return usage("%s and %s name the same file, %s: give each its own", flag, otherFlag, a.Name())
	}
	return nil
}

// regular returns what there is to know of a regular file, nil of others.
func regular(f *os.File) os.FileInfo {
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return info
	}
	return nil
}

// same reports two names of one regular file that is there.
func same(a, b string) bool {
	ia, errA := os.Stat(a)
	ib, errB := os.Stat(b)
	return errA == nil && errB == nil && ia.Mode().IsRegular() && os.SameFile(ia, ib)
}

// absent are names of files that were not there at the start.
type absent []string

func absentOf(names ...string) (a absent) {
	for _, name := range names {
		if _, err := os.Lstat(name); name != "" && errors.Is(err, os.ErrNotExist) {
			a = append(a, name)
		}
	}
	return a
}

// leaveNone removes those of the files that nothing was written to. Where a folder does
// not let who has given up all privileges, they stay.
func (a absent) leaveNone() {
	for _, name := range a {
		if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			_ = os.Remove(name)
		}
	}
}
