package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What fails before anything was written leaves no file, and one that was there as it was.
func TestFailureLeavesNoFile(t *testing.T) {
	folder := t.TempDir()
	old, none := filepath.Join(folder, "old"), filepath.Join(folder, "none")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{
		"--save none --report old", "--report none --save old", "--save none --report none",
		"--save none --report /no/folder/file", "bench --report none", "live -r --report none",
	} {
		args = strings.NewReplacer("none", none, "old", old).Replace(args)
		if status, _, stderr := run(strings.Fields(args + " not-a-host.invalid")...); status != ExitUsage {
			t.Fatalf("%s: status %d, %s", args, status, stderr)
		}
		if _, err := os.Stat(none); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: an empty file is left, %v", args, err)
		}
		if _, err := os.Stat(old); err != nil {
			t.Errorf("%s: a file that was there is gone, %v", args, err)
		}
	}
}

// Files are told apart, and not waited for, before anything is traced.
func TestFilesRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := unix.Mkfifo("fifo", 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("there", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("there", "link"); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"--save x --report ./x":      "--save and --report name the same file",
		"--save there --report link": "--save and --report name the same file",
		"--save -":                   "--save -: standard output has the trace",
		"--report -":                 "--report -: standard output has the trace",
		"--save fifo":                "--save: nobody reads from fifo",
		"--report fifo":              "--report: nobody reads from fifo",
	} {
		status, stdout, stderr := run(append(strings.Fields(args), "127.0.0.1")...)
		if status != ExitUsage || stdout != "" || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q%q; want one line with %q", args, status, stdout, stderr, want)
		}
	}
	if _, err := os.Stat("x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file is left, %v", err)
	}
}

// Nothing is left of a file that can't be written to its end.
func TestHalfFileIsEmptied(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	f, err := openLate("--save", name)
	if err != nil {
		t.Fatal(err)
	}
	err = overwrite("--save", f, func(w io.Writer) error {
		io.WriteString(w, "half")
		return unix.ENOSPC
	})
	if !errors.Is(err, unix.ENOSPC) || !strings.HasPrefix(err.Error(), "--save: ") {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(name); err != nil || len(text) > 0 {
		t.Errorf("%q, %v is left", text, err)
	}
}

// Several errors are a line each, all of them ours.
func TestComplainsByLine(t *testing.T) {
	var text strings.Builder
	complain(&text, errors.Join(errors.New("one"), errors.New("two")))
	if want := "ebpftrace: one\nebpftrace: two\n"; text.String() != want {
		t.Errorf("%q, want %q", text.String(), want)
	}
}
