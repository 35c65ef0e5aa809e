package cli_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// sshPort is free: the lab's client has a network of its own.
const sshPort = "2022"

// sshServer is a server at the lab's client, with keys of its own, for this user.
type sshServer struct{ folder string }

func openSSH(t *testing.T, l *lab.Lab) *sshServer {
	t.Helper()
	path := os.Getenv("PATH") + ":/usr/sbin"
	t.Setenv("PATH", path)
	server, err := exec.LookPath("sshd")
	if _, cerr := exec.LookPath("ssh"); err != nil || cerr != nil {
		t.Skip("needs sshd and ssh, of Debian's package openssh-server, to be used from afar")
	}
	separated(t)
	s := &sshServer{t.TempDir()}
	for _, key := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", s.file(key)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v: %s", err, out)
		}
	}
	config := fmt.Sprintf("Port %s\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n",
		sshPort, s.file("host"), s.file("user.pub"))
	if err := os.WriteFile(s.file("config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command(server, "-D", "-f", s.file("config"), "-E", s.file("log"))
	if err := l.Do(lab.Client, daemon.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		daemon.Process.Kill()
		daemon.Wait()
		if log, err := os.ReadFile(s.file("log")); err == nil && t.Failed() {
			t.Logf("sshd says:\n%s", log)
		}
	})
	await(t, "an answer of sshd", func() bool {
		return l.Do(lab.Client, func() error {
			c, err := net.Dial("tcp", "127.0.0.1:"+sshPort)
			if err == nil {
				c.Close()
			}
			return err
		}) == nil
	})
	return s
}

// separated makes the folder that sshd wants for its processes without privilege, where
// no boot has made it.
func separated(t *testing.T) {
	t.Helper()
	const folder = "/run/sshd"
	err := os.Mkdir(folder, 0o755)
	if err == nil {
		t.Cleanup(func() { os.Remove(folder) })
	} else if !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
}

func (s *sshServer) file(name string) string { return filepath.Join(s.folder, name) }

// line is what to type to run a script there, on a terminal of its own. A client that is
// killed leaves the cursor anywhere, and the terminal raw.
func (s *sshServer) line(script string) string {
	return fmt.Sprintf("ssh -F /dev/null -tt -q -p %s -i %s -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null 127.0.0.1 %s; printf '\\r\\nstatus %%s\\r\\n' $?",
		sshPort, s.file("user"), script)
}

// watch starts the live view there, and returns its process, which is the server's.
func (s *sshServer) watch(x *tmux) (pid int) {
	x.t.Helper()
	self, err := os.Executable()
	if err != nil {
		x.t.Fatal(err)
	}
	file, script := s.file("pid"), s.file("script")
	os.Remove(file)
	text := fmt.Sprintf("echo $$ >%s\nexec env %s=1 LANG=C.UTF-8 %s live -n -i 0.1 198.18.3.2\n", file, asProgram, self)
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		x.t.Fatal(err)
	}
	x.line("clear; echo still here")
	x.await("a prompt", func(screen string) bool { return strings.HasPrefix(screen, "still here\n$") })
	x.line(s.line("sh " + script))
	x.shows("ebpftrace live", "reached in 3 hops")
	written, err := os.ReadFile(file)
	if _, serr := fmt.Sscan(string(written), &pid); err != nil || serr != nil {
		x.t.Fatal(err, serr)
	}
	return pid
}

// The live view is used from afar as it is here: keys, sizes; and the terminal is as it
// was, however it ends.
func TestLiveOverSSH(t *testing.T) {
	l := chain(t, 2)
	x := openTmux(t, l, "80x24")
	s := openSSH(t, l)
	for _, how := range []string{"q", "C-c", "TERM"} {
		before := x.state()
		pid := s.watch(x)
		x.keys("Up", "d")
		x.shows("› 3", "hop 3  198.18.3.2")
		x.keys("d", "i")
		x.shows("  icmp ")
		x.resizes() // to what it was, in the end
		status := "status 0"
		if how == "TERM" {
			unix.Kill(pid, unix.SIGTERM)
			status = "status 1"
		} else {
			x.keys(how)
		}
		screen := x.shows(status)
		if state := x.state(); state != before || !strings.HasPrefix(screen, "still here\n") {
			t.Errorf("%s: terminal is\n%s, was\n%s\n%s", how, state, before, screen)
		}
		if now := hooked(t, l); len(now) > 0 {
			t.Errorf("%s: when it has ended, there is %v", how, now)
		}
	}
}

// When the connection is gone, so is the view, and what it had in the kernel; when the
// view is killed, the connection ends.
func TestLiveLosesSSH(t *testing.T) {
	l := chain(t, 2)
	s := openSSH(t, l)
	for _, victim := range []string{"client", "server", "view"} {
		t.Run(victim, func(t *testing.T) {
			x := openTmux(t, l, "80x24")
			pid := s.watch(x)
			if len(hooked(t, l)) == 0 && newer(t, 6, 6) {
				t.Error("nothing is attached")
			}
			status := "status 255"
			switch victim {
			case "client":
				unix.Kill(x.program(), unix.SIGKILL)
				status = "status 137"
			case "server":
				unix.Kill(parent(t, pid), unix.SIGKILL)
			case "view":
				unix.Kill(pid, unix.SIGKILL)
			}
			await(t, "the end of the view", func() bool { return gone(pid) })
			await(t, "nothing left behind", func() bool { return len(hooked(t, l)) == 0 })
			x.shows(status)
		})
	}
}

// gone reports whether a process has ended, waited for or not.
func gone(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(text), ") Z ")
}

// parent is who started a process.
func parent(t *testing.T, pid int) (ppid int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	var state string
	if _, err := fmt.Sscan(rest, &state, &ppid); err != nil {
		t.Fatal(err)
	}
	return ppid
}
