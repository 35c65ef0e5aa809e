package cli

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/internal/goldentest"
)

// page is the man page, as of a certain version.
func page(t *testing.T) string {
	t.Helper()
	was, from := version, revision
	version, revision = "v1.2.3", "0f0de7b of 2026-11-22"
	t.Cleanup(func() { version, revision = was, from })
	status, text, stderr := run("man")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	return text
}

func TestManPage(t *testing.T) {
	goldentest.Compare(t, "testdata/help/ebpftrace.1", []byte(page(t)))
}

// Nobody who reads man pages for a living complains of it.
func TestManPageIsClean(t *testing.T) {
	for _, argv := range [][]string{
		{"mandoc", "-T", "lint", "-W", "warning"},
		{"man", "--warnings", "-P", "cat", "-l", "-"},
		{"groff", "-man", "-ww", "-z", "-T", "utf8"},
	} {
		t.Run(argv[0], func(t *testing.T) {
			if _, err := exec.LookPath(argv[0]); err != nil {
				t.Skipf("needs %s, of Debian", argv[0])
			}
			reader := exec.Command(argv[0], argv[1:]...)
			var said bytes.Buffer
			reader.Stdin, reader.Stderr = strings.NewReader(page(t)), &said
			out, err := reader.Output()
			if argv[0] == "mandoc" {
				said.Write(out) // where lint speaks
			}
			if err != nil || said.Len() > 0 {
				t.Errorf("%v: %s", err, said.String())
			}
		})
	}
}

// Every command and every flag that help shows is on the page.
func TestManPageIsComplete(t *testing.T) {
	text := page(t)
	for _, c := range commands(newRoot(new(bytes.Buffer), new(bytes.Buffer))) {
		if c.HasParent() && !strings.Contains(text, ".SS "+c.Name()+"\n") {
			t.Errorf("no word of %s", c.CommandPath())
		}
		for _, g := range grouped(c.LocalFlags()) {
			for _, f := range g.flags {
				if !strings.Contains(text, `\fB\-\-`+strings.ReplaceAll(f.Name, "-", `\-`)+`\fR`) {
					t.Errorf("no word of %s --%s", c.CommandPath(), f.Name)
				}
			}
		}
	}
}
