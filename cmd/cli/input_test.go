package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Standard input is read as a file is, and a folder is said to be one.
func TestInput(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	was := os.Stdin
	t.Cleanup(func() { os.Stdin = was })
	for args, want := range map[string]string{
		"show -":              "- is no recording",
		"diff - " + file:      "- is neither a recording",
		"show /":              "/ is a directory: give a file",
		"diff " + "/ " + file: "/ is a directory: give a file",
	} {
		stdin, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		os.Stdin = stdin
		status, _, stderr := run(strings.Fields(args)...)
		stdin.Close()
		if status != ExitUsage || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q; want %q", args, status, stderr, want)
		}
	}
}
