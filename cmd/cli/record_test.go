package cli_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
)

// local runs the program as it is, in this process.
func local(args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := cli.Main(args, &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// What was saved gives the run's own JSON again, to the byte, and every other format.
func TestSaveAndShow(t *testing.T) {
	l := chain(t, 2)
	for _, flags := range []string{"-4", "-6 -I -q 5", "-4 -T --stamps", "-6 -n --timing user", "-4 --timing socket"} {
		file := filepath.Join(t.TempDir(), "run.pcapng")
		run := within(t, l, ebpftrace(flags+" --json --save "+file, "target.lab")...)
		if run.status != 0 {
			t.Fatalf("%s: status %d\n%s", flags, run.status, run.stderr)
		}
		again := local("show", "--json", file)
		if again.stdout != run.stdout || again.status != 0 {
			t.Errorf("%s: got\n%s\nwant\n%s\n%s", flags, again.stdout, run.stdout, again.stderr)
		}
		if table := local("show", file); !strings.Contains(table.stdout, "reached in 3 hops") {
			t.Errorf("%s: %s%s", flags, table.stdout, table.stderr)
		}
		if same := local("diff", file, file); same.status != 0 || !strings.Contains(same.stdout, "path: the same") {
			t.Errorf("%s: status %d\n%s%s", flags, same.status, same.stdout, same.stderr)
		}
		if info, err := os.Stat(file); err != nil || info.Mode() != 0o644 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
}

// So does a run that went on to find out what loss means, with the networks of hops.
func TestSaveAllThereIs(t *testing.T) {
	t.Parallel() // --loss waits
	l := simulated(t, "lossy")
	file := filepath.Join(t.TempDir(), "run.pcapng")
	flags := "-4 -n -q 5 --loss --diff --back --asn-db " + database(t) + " --json --save " + file
	run := within(t, l, ebpftrace(flags, "target.lab")...)
	if again := local("show", "--json", file); again.stdout != run.stdout || !strings.Contains(run.stdout, `"loss": [`) {
		t.Errorf("got\n%s\nwant\n%s\n%s%s", again.stdout, run.stdout, again.stderr, run.stderr)
	}
}

// An interrupted run leaves a whole file, over whatever it held.
func TestSaveInterrupted(t *testing.T) {
	l := simulated(t, "silent_target")
	file := filepath.Join(t.TempDir(), "run.pcapng")
	if err := os.WriteFile(file, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	p := root.command("--format", "jsonl", "-n", "-w", "60,0,0", "--save", file, l.Nodes()[len(l.Nodes())-1].V4.String())
	p.Cmd.Stdout = nil
	pipe, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.startAt(t, l)
	untilAnswers(t, pipe, 3)
	p.signal(t, os.Interrupt)
	p.Wait()
	got := local("show", file)
	if got.status != 0 || !strings.Contains(got.stdout, "interrupted at hop") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if info, err := os.Stat(file); err != nil || info.Size() >= 1<<20 {
		t.Errorf("%d bytes: what was there before is there still, %v", info.Size(), err)
	}
}

// Who reads the output may leave early, as head(1) does.
func TestSaveOutlivesItsReader(t *testing.T) {
	l := simulated(t, "silent_hop")
	file := filepath.Join(t.TempDir(), "run.pcapng")
	p := root.command("-n", "-4", "-w", "4,0,0", "--save", file, l.Nodes()[len(l.Nodes())-1].V4.String())
	p.Cmd.Stdout = nil
	pipe, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.startAt(t, l)
	for lines := bufio.NewScanner(pipe); lines.Scan() && !strings.HasPrefix(lines.Text(), " 1 "); {
		continue // up to the first hop, seconds before the last
	}
	pipe.Close()
	if err := p.Wait(); err == nil || !strings.Contains(p.stderr.String(), "broken pipe") {
		t.Errorf("%v, and nothing of a broken pipe: %s", err, p.stderr.String())
	}
	if got := local("show", file); got.status != 0 || !strings.Contains(got.stdout, "reached in 6 hops") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// A page is written of a run, with what it has to say besides, and the same one of its
// recording.
func TestReport(t *testing.T) {
	l := chain(t, 2)
	folder := t.TempDir()
	run, again, file := filepath.Join(folder, "run.html"), filepath.Join(folder, "again.html"), filepath.Join(folder, "run.pcapng")
	got := within(t, l, ebpftrace("-4 --save "+file+" --report "+run, "target.lab")...)
	local("show", "--report", again, file)
	page, err := os.ReadFile(run)
	if err != nil || got.status != 0 || !strings.Contains(got.stdout, "reached in 3 hops") {
		t.Fatalf("status %d, %v\n%s%s", got.status, err, got.stdout, got.stderr)
	}
	for _, want := range []string{"Path to target.lab", "198.18.3.2", "reached in 3 hops", "Where the time goes", "</html>"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if other, err := os.ReadFile(again); err != nil || string(other) != string(page) {
		t.Errorf("of the recording it is another page, %v", err)
	}
	if over := local("show", "--report", file, file); over.status != cli.ExitUsage || local("show", file).status != 0 {
		t.Errorf("a page is written over its recording: status %d, %s", over.status, over.stderr)
	}
}

// Two networks differ by a router: diff says which, by status too, from a recording and
// a document alike.
func TestDiff(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "a.pcapng"), filepath.Join(t.TempDir(), "b.json")
	within(t, chain(t, 2), ebpftrace("-4 --save "+a, "target.lab")...)
	after := within(t, chain(t, 3), ebpftrace("-4 --json", "198.18.4.2")...)
	if err := os.WriteFile(b, []byte(after.stdout), 0o644); err != nil {
		t.Fatal(err)
	}
	got := local("diff", a, b)
	if got.status != 1 || !regexp.MustCompile(`(?m)^\+ +4 +target.lab \(198\.18\.4\.2\)`).MatchString(got.stdout) {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if asJSON := local("diff", "--json", a, b); !strings.Contains(asJSON.stdout, `"same_path": false`) || asJSON.status != 1 {
		t.Errorf("status %d\n%s%s", asJSON.status, asJSON.stdout, asJSON.stderr)
	}
}

// What can't be read or written is told in a line, before anything is traced.
func TestRecordUsage(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	if err := os.WriteFile(text, []byte("hello\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, want string }{
		{"--save " + folder + "/no/file 127.0.0.1", "--save: open"},
		{"--report " + folder + "/no/file 127.0.0.1", "--report: open"},
		{"--save " + folder + " 127.0.0.1", "is a directory"},
		{"show", "give one file"},
		{"show " + folder + "/none", "no such file"},
		{"show " + text, "is no recording"},
		{"show --format xml " + text, "unknown output format"},
		{"diff " + text, "give two files"},
		{"diff " + text + " " + text, "is neither a recording"},
		{"diff " + folder + "/none " + text, "no such file"},
	} {
		got := local(strings.Fields(tt.args)...)
		if got.status != cli.ExitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: status %d\n%s%s", tt.args, got.status, got.stdout, got.stderr)
		}
	}
}
