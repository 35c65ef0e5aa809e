package lab

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// reap waits for the command and for everything that it left behind, and
// returns the command's exit status.
//
// Each pass kills the children there are. The children of a process become ours
// before that process can be waited for, so after the last wait there is
// nothing left, whatever forked meanwhile.
func (s *stage) reap() (status int) {
	over := false
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil { // ECHILD: no children
			return status
		}
		if pid == s.command.Pid {
			status, over = statusOf(ws), true
		}
		if over {
			killChildren()
		}
	}
}

// killChildren kills this process's children. Only who waits for them may call
// it: until then their ids are nobody else's.
func killChildren() {
	self := os.Getpid()
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil || parentOf(stat) != self {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// parentOf returns the parent's process id from a /proc/PID/stat: the second
// field after the name, which is in parentheses and may hold any character.
func parentOf(stat []byte) int {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	ppid, _ := strconv.Atoi(string(fields[1]))
	return ppid
}
