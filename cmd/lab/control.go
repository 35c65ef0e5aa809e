package lab

import (
	"encoding/json"
	"net"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// The control socket joins [Lab.Run] to its stage. Run writes a plan and then
// the numbers of signals, all in JSON; when it ends, the process that runs the
// lab is gone or has enough. The stage writes why it failed, or nothing.

// plan tells the stage what to run.
type plan struct {
	// Path is the program's file, Argv its arguments from its name on.
	Path string
	Argv []string
	// Hosts is the content of /etc/hosts.
	Hosts string
	// Terminal says that the command shares our process group, which is in
	// the foreground of a terminal.
	Terminal bool
}

// controlPair returns our end of a control socket and the stage's.
func controlPair() (ours *net.UnixConn, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	end := os.NewFile(uintptr(fds[0]), "control")
	defer end.Close() // FileConn has a copy
	theirs = os.NewFile(uintptr(fds[1]), "control")
	conn, err := net.FileConn(end)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// instruct sends the plan and then the signals until there are no more. It
// leaves errors to the reader's end: the stage tells them, or is dead.
func instruct(control *net.UnixConn, p plan, signals <-chan os.Signal) {
	enc := json.NewEncoder(control)
	if enc.Encode(p) != nil {
		return
	}
	for s := range signals {
		if enc.Encode(s) != nil {
			return
		}
	}
}

// catch keeps the signals from ending this process, until stop. Those that it
// ignores already stay ignored, as whoever started it wants its commands to.
func catch(signals ...os.Signal) (caught <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 16)
	for _, s := range signals {
		if !signal.Ignored(s) {
			signal.Notify(c, s)
		}
	}
	return c, func() {
		signal.Stop(c)
		close(c)
	}
}

// inForeground reports whether this process is in the foreground of its
// terminal, so that a key like Ctrl-C signals its whole process group.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}
