package doctor

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"golang.org/x/sys/unix"
)

// Process is this process, and what it was put into.
type Process struct {
	UID        int
	Executable string
	// NoProc: /proc is not mounted.
	NoProc bool
	// NoSUID: files of the executable's file system give no privileges.
	NoSUID bool
	// NoNewPrivs: it can gain no privileges, neither by sudo nor by setcap.
	NoNewPrivs bool
	// UserNamespace: its capabilities are none of the initial namespace's, and
	// so let it load no programs.
	UserNamespace bool
}

func lookProcess(h host) (p Process, err error) {
	p.UID = os.Geteuid()
	if p.Executable, err = os.Executable(); err != nil {
		p.Executable, err = os.Args[0], nil
	}
	var at unix.Statfs_t
	if unix.Statfs(p.Executable, &at) == nil {
		p.NoSUID = at.Flags&unix.ST_NOSUID != 0
	}
	status, err := fs.ReadFile(h.root, "proc/self/status")
	if isMissing(err) {
		p.NoProc, err = true, nil
	}
	p.NoNewPrivs = strings.Contains(string(status), "\nNoNewPrivs:\t1\n")
	p.UserNamespace = inUserNamespace(h.root)
	return p, err
}

// inUserNamespace looks whether user ids are mapped (user_namespaces(7)). The
// initial namespace maps all of them to themselves.
func inUserNamespace(root fs.FS) bool {
	ids, err := fs.ReadFile(root, "proc/self/uid_map")
	return err == nil && strings.Join(strings.Fields(string(ids)), " ") != "0 0 4294967295"
}

// errNoProc is what keeps the library from loading anything, even where bpf(2) is
// allowed.
var errNoProc = errors.New("nothing can be loaded, since /proc is not mounted")

func (f *Facts) noProc() bool {
	p, err := f.Process.Get()
	return err == nil && p.NoProc
}

// sudo has a command run as root.
func (f *Facts) sudo(command string) string {
	if p, err := f.Process.Get(); err == nil && p.UID == 0 {
		return command
	}
	return "sudo " + command
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// quote returns a word as the shell takes it.
func quote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
