package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What a report was made of gives it again, in every format, and a page; and can be
// compared with another run.
func TestLiveSave(t *testing.T) {
	l := chain(t, 2)
	folder := t.TempDir()
	saved := func(name, flags string) (string, outcome) {
		file := filepath.Join(folder, name)
		got := within(t, l, ebpftrace("live -r -c 6 -i 0.05 "+flags+" --save "+file, "target.lab")...)
		if got.status != 0 {
			t.Fatalf("%s: status %d\n%s", flags, got.status, got.stderr)
		}
		return file, got
	}
	for _, flags := range []string{"-4", "-6 -I", "-4 -T -n", "-4 --timing user"} {
		for _, format := range []string{"table", "json", "mtr", "csv"} {
			file, run := saved("run.pcapng", flags+" --format "+format)
			if again := local("show", "--format", format, file); again.stdout != run.stdout || again.status != 0 {
				t.Errorf("%s, %s: got\n%s%s\nwant\n%s", flags, format, again.stdout, again.stderr, run.stdout)
			}
		}
	}
	a, _ := saved("a.pcapng", "-4")
	b, _ := saved("b.pcapng", "-4")
	if got := local("diff", a, b); got.status != 0 || !strings.Contains(got.stdout, "path: the same") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	page := filepath.Join(folder, "page.html")
	if got := local("show", "--report", page, a); got.status != 0 || !strings.Contains(got.stdout, "r2.lab") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "198.18.3.2") {
		t.Errorf("no hop in the page, %v", err)
	}
}

// The screen leaves what all ways saw, whatever is forgotten on the screen; and a killed
// one what there was until then.
func TestLiveSaveScreen(t *testing.T) {
	l := chain(t, 1)
	x := openTmux(t, l, "120x24")
	for _, how := range []string{"q", "KILL"} {
		file := filepath.Join(t.TempDir(), "live.pcapng")
		x.watch(l, "--save "+file)
		x.await("ten rounds", func(s string) bool { return rounds(s) >= 10 })
		x.keys("i")
		x.await("a round by ICMP", func(s string) bool { return strings.Contains(s, "  icmp ") && rounds(s) >= 2 })
		x.keys("u", "r")
		x.await("a new beginning", func(s string) bool { n := rounds(s); return strings.Contains(s, "udp port") && n > 0 && n < 10 })
		x.keys("Space")
		shown := rounds(x.shows("PAUSED"))
		if how == "q" {
			x.keys(how)
			x.shows("status 0")
		} else {
			program := x.program()
			x.signal(how)
			await(t, "its end", func() bool { return unix.Kill(program, 0) != nil })
			x.line("stty sane; clear")
		}
		got := local("show", file)
		var all int
		for line := range strings.Lines(got.stdout) {
			if n, _ := fmt.Sscanf(line, "from 198.18.1.1 on eth0, %d rounds", &all); n == 1 {
				break
			}
		}
		if all < 10+shown || got.status != 0 || !strings.Contains(got.stdout, "by icmp: see --protocol") ||
			strings.Contains(got.stdout, "has no end") != (how == "KILL") {
			t.Errorf("%s: %d rounds, and %d were shown since the reset; status %d\n%s%s", how, all, shown, got.status, got.stdout, got.stderr)
		}
		if got := local("show", "--protocol", "icmp", file); !strings.Contains(got.stdout, ", icmp, timed by") || !strings.Contains(got.stdout, "reached in 2 hops") {
			t.Errorf("%s%s", got.stdout, got.stderr)
		}
		if got := local("show", "--protocol", "tcp", file); got.status != 2 || !strings.Contains(got.stderr, "has no round by tcp, udp (") {
			t.Errorf("status %d %s%s", got.status, got.stdout, got.stderr)
		}
	}
}

// A full disk is said at once, and in the end.
func TestLiveSaveNoRoom(t *testing.T) {
	l := chain(t, 1)
	x := openTmux(t, l, "120x24")
	x.watch(l, "--save /dev/full")
	x.shows("--save: write /dev/full: no space left on device", "round 5")
	x.keys("q")
	x.shows("rounds of", "lost", "status 1")
}

// Answers come on their way as they are known, not when all is over.
func TestLiveStreams(t *testing.T) {
	l := chain(t, 1)
	p := root.command("live", "-r", "-n", "-4", "-c", "1000000", "-i", "0.05", "--format", "jsonl", "198.18.2.2")
	p.Cmd.Stdout = nil
	pipe, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.startAt(t, l)
	untilAnswers(t, pipe, 10)
	p.signal(t, os.Interrupt)
	rest := new(strings.Builder)
	for buf := make([]byte, 4096); ; {
		n, err := pipe.Read(buf)
		rest.Write(buf[:n])
		if err != nil {
			break
		}
	}
	p.Wait()
	if all := rest.String(); !strings.Contains(all, `{"type":"hop","ttl":2`) || !strings.Contains(all, `{"type":"end"`) {
		t.Errorf("%s", all)
	}
}
