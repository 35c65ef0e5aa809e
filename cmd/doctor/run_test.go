package doctor

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// told is what a child said.
type told struct {
	Status    Status
	Interface struct{ Name, By string }
	Timing    struct {
		Name, Sockets string
		Tried         bool
	}
	Checks []Result
}

func (o told) check(t *testing.T, name string) Result {
	t.Helper()
	for _, c := range o.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %q in %+v", name, o)
	return Result{}
}

// want reports a check that is not as it should be.
func (o told) want(t *testing.T, name string, status Status, words ...string) Result {
	t.Helper()
	c := o.check(t, name)
	all := strings.Join([]string{c.Found, c.Cost, c.Mend, c.Note}, "\n")
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("%s: no %q in %+v", name, w, c)
		}
	}
	if c.Status != status {
		t.Errorf("%s is %s, want %s: %+v", name, c.Status, status, c)
	}
	return c
}

// user is who a child runs as.
type user struct {
	uid          uint32
	capabilities []uintptr
	binary       string
	namespace    bool // in a user namespace of its own, as root
}

var asRoot = user{binary: "/proc/self/exe"}

func (u user) attributes() *syscall.SysProcAttr {
	one := []syscall.SysProcIDMap{{Size: 1}}
	switch {
	case u.namespace:
		return &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: one, GidMappings: one}
	case u.uid != 0:
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: u.uid, Gid: u.uid}, AmbientCaps: u.capabilities}
	}
	return nil
}

// examine runs a child at the client of a lab.
func examine(t *testing.T, l *lab.Lab, u user, to string) told {
	t.Helper()
	cmd := exec.Command(u.binary)
	cmd.Dir, cmd.Env = "/", []string{examineEnv + "=" + to, "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = u.attributes()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	must(t, l.Do(lab.Client, cmd.Start))
	if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var o told
	must(t, json.Unmarshal(stdout.Bytes(), &o))
	if len(o.Checks) != len(Checks) {
		t.Fatalf("%d checks, want %d", len(o.Checks), len(Checks))
	}
	return o
}

// run runs a command at the client, as root.
func run(t *testing.T, l *lab.Lab, command string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(command, "sudo ", ""))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	must(t, l.Do(lab.Client, cmd.Start))
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out.String())
	}
}

func needsTool(t *testing.T, name, from string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("needs %s, of Debian's %s, to run the command that mends it", name, from)
	}
}

// needsTC returns where tc is, and is not content with BusyBox's, which knows no
// clsact, and which BusyBox's shell prefers to what is in PATH.
func needsTC(t *testing.T) (path string) {
	t.Helper()
	path, err := exec.LookPath("tc")
	if err == nil {
		var out []byte
		if out, err = exec.Command(path, "-V").CombinedOutput(); strings.Contains(string(out), "iproute2") {
			return path
		}
	}
	t.Skipf("needs tc, of Debian's iproute2, to run the command that mends it: %v", err)
	return ""
}

// publicCopy is nobody's copy of this program, in a directory that everybody may enter.
func publicCopy(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ebpftrace-doctor")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	from, err := os.Open("/proc/self/exe")
	must(t, err)
	defer from.Close()
	to, err := os.OpenFile(dir+"/doctor.test", os.O_CREATE|os.O_WRONLY, 0o755)
	must(t, err)
	_, err = io.Copy(to, from)
	must(t, err)
	must(t, to.Close())
	return to.Name()
}
