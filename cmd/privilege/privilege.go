// Package privilege gives up what a process may do and no longer needs to.
package privilege

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// Drop gives up, for good and in all threads, every capability but those to keep,
// and the way to get one back: by execve(2) of a file with capabilities, of a
// set-user-ID file, or as root (PR_SET_NO_NEW_PRIVS, capabilities(7)). What is not
// held can't be kept. The user stays who he is: what root owns, root may still
// write.
func Drop(keep ...cap.Value) error {
	held := cap.GetProc()
	if err := emptyBounds(held); err != nil {
		return fmt.Errorf("empty the capability bounding set: %w", err)
	}
	if err := cap.ResetAmbient(); err != nil && !errors.Is(err, unix.EINVAL) { // before Linux 4.3
		return fmt.Errorf("empty the ambient set: %w", err)
	}
	if err := only(held, keep).SetProc(); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	if _, err := cap.Prctlw(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("set no_new_privs: %w", err)
	}
	return nil
}

// Limit gives up, in all threads, every capability but those to keep, as [Drop] does,
// but leaves the way to get one back by execve(2): for who still has to start a
// program with a privilege of its own. CAP_SYS_ADMIN is kept where it stands for
// CAP_BPF (capabilities(7)).
func Limit(keep ...cap.Value) error {
	held := cap.GetProc()
	if split, err := held.GetFlag(cap.Effective, cap.BPF); err == nil && !split {
		keep = append(keep[:len(keep):len(keep)], cap.SYS_ADMIN)
	}
	if err := only(held, keep).SetProc(); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	return nil
}

// emptyBounds takes everything out of the bounding set, if that is allowed:
// no_new_privs has the same effect. What is not in it, as in a container, is passed
// over, for each call interrupts every thread.
func emptyBounds(held *cap.Set) error {
	if allowed, err := held.GetFlag(cap.Effective, cap.SETPCAP); err != nil || !allowed {
		return err
	}
	for c := range cap.MaxBits() {
		if bound, err := cap.GetBound(c); err == nil && !bound {
			continue
		}
		if err := cap.DropBound(c); err != nil {
			return err
		}
	}
	return nil
}

// only returns what is left of the capabilities held.
func only(held *cap.Set, keep []cap.Value) *cap.Set {
	left := cap.NewSet()
	for _, c := range keep {
		if has, err := held.GetFlag(cap.Effective, c); err == nil && has {
			_ = left.SetFlag(cap.Permitted, true, c) // the value was good above
			_ = left.SetFlag(cap.Effective, true, c)
		}
	}
	return left
}
