package cli_test

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil || len(text) == 0 {
		t.Fatalf("%s has %d bytes, %v", file, len(text), err)
	}
	return string(text)
}

// What a search for all paths saw is kept, and gives every output of the run again, to
// the byte.
func TestMultipathSave(t *testing.T) {
	b := branched(t, lab.DiamondOptions{Branches: diamonds["4"]})
	for _, flags := range []string{"-4", "-6 -T", "-4 -I --timing socket", "-4 -n --asn-db " + database(t)} {
		folder := t.TempDir()
		file, page, graph := filepath.Join(folder, "run.pcapng"), filepath.Join(folder, "run.html"), filepath.Join(folder, "run.dot")
		run := within(t, b.Lab, ebpftrace("--multipath --json --dot="+graph+" --save "+file+" --report "+page+" "+flags, "target.lab")...)
		if run.status != 0 || run.stderr != "" {
			t.Fatalf("%s: status %d\n%s", flags, run.status, run.stderr)
		}
		otherPage, otherGraph := filepath.Join(folder, "again.html"), filepath.Join(folder, "again.dot")
		again := local("show", "--json", "--dot="+otherGraph, "--report", otherPage, file)
		if again.status != 0 || again.stdout != run.stdout {
			t.Errorf("%s: got\n%s\nwant\n%s\n%s", flags, again.stdout, run.stdout, again.stderr)
		}
		if got, want := contents(t, otherPage), contents(t, page); got != want || !strings.Contains(got, "All paths to target.lab") {
			t.Errorf("%s: of the recording it is another page:\n%s\nwant\n%s", flags, got, want)
		}
		if got, want := contents(t, otherGraph), contents(t, graph); got != want || local("show", "--dot", file).stdout != want {
			t.Errorf("%s: of the recording it is another graph:\n%s\nwant\n%s", flags, got, want)
		}
		if text := local("show", file); !strings.Contains(text.stdout, "balances per flow over 4") && !strings.Contains(flags, "-I") {
			t.Errorf("%s: %s%s", flags, text.stdout, text.stderr)
		}
	}
}

// The text is the run's too.
func TestMultipathSaveText(t *testing.T) {
	b := branched(t, lab.DiamondOptions{Branches: diamonds["2"]})
	file := filepath.Join(t.TempDir(), "run.pcapng")
	run := within(t, b.Lab, ebpftrace("--multipath --save "+file, "target.lab")...)
	if again := local("show", file); again.stdout != run.stdout || !strings.Contains(run.stdout, "to repeat a flow") {
		t.Errorf("got\n%s\nwant\n%s\n%s%s", again.stdout, run.stdout, again.stderr, run.stderr)
	}
	if numeric := local("show", "-n", file); strings.Contains(numeric.stdout, "r1.lab") || !strings.Contains(numeric.stdout, "198.18.1.2") {
		t.Errorf("with names, or without addresses:\n%s", numeric.stdout)
	}
	for _, tt := range []struct{ args, want string }{
		{"show --format csv " + file, "written as a table, --json or --dot"},
		{"show --stamps " + file, "without single probes"},
		{"show --json --dot " + file, "choose one"},
		{"show --dot=" + file + "/no " + file, "not a directory"},
	} {
		got := local(strings.Fields(tt.args)...)
		if got.status != cli.ExitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: status %d\n%s%s", tt.args, got.status, got.stdout, got.stderr)
		}
	}
}

// An interrupted search leaves whole files of what it found.
func TestMultipathSaveInterrupted(t *testing.T) {
	l := simulated(t, "all_silent")
	folder := t.TempDir()
	file, page := filepath.Join(folder, "run.pcapng"), filepath.Join(folder, "run.html")
	p := root.command("--multipath", "-n", "-w", "60", "--save", file, "--report", page, l.Nodes()[len(l.Nodes())-1].V4.String())
	p.Cmd.Stdout = nil
	pipe, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.startAt(t, l)
	untilLines(t, pipe, 2) // the heading
	p.signal(t, os.Interrupt)
	p.Wait()
	if got := local("show", file); got.status != 0 || !strings.Contains(got.stdout, "interrupted at hop") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if !strings.Contains(contents(t, page), "interrupted at hop") {
		t.Error("the page does not say that it was interrupted")
	}
}

// untilLines reads lines of a run that goes on.
func untilLines(t *testing.T, r io.Reader, n int) {
	t.Helper()
	lines := bufio.NewScanner(r)
	for range n {
		if !lines.Scan() {
			t.Fatalf("not %d lines, %v", n, lines.Err())
		}
	}
}

// A run that ends before there is anything to write leaves no empty file, and what was
// there as it was.
func TestNoEmptyFiles(t *testing.T) {
	folder := t.TempDir()
	old := filepath.Join(folder, "old")
	if err := os.WriteFile(old, []byte("of old"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, flags := range []string{"", "--multipath"} {
		args := strings.Fields(flags + " --save " + folder + "/new --report " + old + " host.invalid")
		if got := local(args...); got.status == 0 {
			t.Errorf("%s: status 0", flags)
		}
	}
	if _, err := os.Lstat(filepath.Join(folder, "new")); err == nil || contents(t, old) != "of old" {
		t.Error("there is an empty file, or an old one was changed")
	}
}

// The page of a path MTU discovery says what the table says; there is no recording.
func TestMTUReport(t *testing.T) {
	l := simulated(t, "mtu")
	page := filepath.Join(t.TempDir(), "mtu.html")
	run := within(t, l, ebpftrace("--mtu -4 --report "+page, "target.lab")...)
	got := contents(t, page)
	for _, want := range []string{"path MTU 1280 bytes", `class="mtu">MTU 1500`, `class="mtu">MTU 1280`, "says fragmentation needed, MTU 1280", "up to 1500 bytes"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the page of\n%s%s", want, run.stdout, run.stderr)
		}
	}
	refused := local("--mtu", "--save", page, "127.0.0.1")
	if refused.status != cli.ExitUsage || strings.Count(refused.stderr, "\n") != 1 || !strings.Contains(refused.stderr, "--mtu and --save exclude each other") {
		t.Errorf("status %d, %s", refused.status, refused.stderr)
	}
}

// Of two searches, diff says which routers came and went, from a recording and a document
// alike; of one path and of all there is nothing to compare.
func TestMultipathDiff(t *testing.T) {
	folder := t.TempDir()
	a, b, single := filepath.Join(folder, "a.pcapng"), filepath.Join(folder, "b.json"), filepath.Join(folder, "single.pcapng")
	within(t, branched(t, lab.DiamondOptions{Branches: diamonds["2"]}).Lab, ebpftrace("-4 --multipath --save "+a, "target.lab")...)
	four := branched(t, lab.DiamondOptions{Branches: diamonds["4"]})
	after := within(t, four.Lab, ebpftrace("-4 --multipath --json --save "+filepath.Join(folder, "b.pcapng"), "target.lab")...)
	within(t, four.Lab, ebpftrace("-4 --save "+single, "target.lab")...)
	if err := os.WriteFile(b, []byte(after.stdout), 0o644); err != nil {
		t.Fatal(err)
	}
	got := local("diff", a, b)
	if got.status != 1 || !strings.Contains(got.stdout, "2 interfaces added") || !strings.Contains(got.stdout, "4 links added") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if same := local("diff", b, filepath.Join(folder, "b.pcapng")); same.status != 0 || !strings.Contains(same.stdout, "paths: the same") {
		t.Errorf("status %d\n%s%s", same.status, same.stdout, same.stderr)
	}
	if doc := local("diff", "--json", a, b); doc.status != 1 || !strings.Contains(doc.stdout, `"ebpftrace.diff.multipath/1"`) {
		t.Errorf("status %d\n%s%s", doc.status, doc.stdout, doc.stderr)
	}
	for _, pair := range [][]string{{a, single}, {single, a}} {
		mixed := local("diff", pair[0], pair[1])
		if mixed.status != cli.ExitUsage || mixed.stderr != "ebpftrace: "+single+" holds one path, "+a+" all paths (--multipath): give two of a kind\n" {
			t.Errorf("status %d, %s", mixed.status, mixed.stderr)
		}
	}
}
