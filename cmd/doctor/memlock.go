package doctor

import (
	"fmt"
	"math"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// Memlock is RLIMIT_MEMLOCK, in bytes.
type Memlock struct {
	Soft uint64
	// Raisable says that the process may raise it itself (CAP_SYS_RESOURCE).
	Raisable bool
}

// memlockNeeded is enough for a usual trace, with a ring buffer of 1 MiB and small
// maps. Measured on Linux 5.10: half of it is too little.
const memlockNeeded = 2 << 20

func lookMemlock(host) (Memlock, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
		return Memlock{}, err
	}
	raisable, err := cap.GetProc().GetFlag(cap.Effective, cap.SYS_RESOURCE)
	return Memlock{limit.Cur, raisable}, err
}

func judgeMemlock(f *Facts) Result {
	if f.since(5, 11) {
		return Result{Status: OK, Found: "programs and maps don't count from Linux 5.11 on"}
	}
	m, err := f.Memlock.Get()
	if err != nil {
		return unseen(err)
	}
	r := Result{Status: OK, Found: fmt.Sprintf("`ulimit -l` is %d KiB", m.Soft>>10)}
	if m.Soft == math.MaxUint64 {
		r.Found = "`ulimit -l` is unlimited"
	}
	switch {
	case m.Soft >= memlockNeeded:
		return r
	case m.Raisable:
		r.Found += ", and is raised"
		return r
	}
	r.Status, r.Cost = Missing, "no kernel timing: the maps take more before Linux 5.11"
	r.Mend, r.Note = f.sudo("prlimit --memlock=unlimited --pid $$"), "for the shell that it is run from, and what that starts"
	return r
}
