package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// What can't be written is told, and is no bad usage.
func TestFullDisk(t *testing.T) {
	for _, args := range []string{"lab --list", "man", "completion bash", "completion zsh"} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		var stderr bytes.Buffer
		status := Main(strings.Fields(args), full, &stderr)
		full.Close()
		if status != ExitNotReached || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%s: status %d, %q", args, status, stderr.String())
		}
	}
}

// Metrics of several targets are written at the end: that it fails is told as well.
func TestFullDiskAtTheEnd(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	f, err := output.ByName("prometheus")
	if err != nil {
		t.Fatal(err)
	}
	out := f.Join(full)
	if _, err := out.Write([]byte("# HELP a b\n# TYPE a gauge\na 1\n")); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if err := closed(out, &stderr); status(err) != ExitNotReached || !strings.Contains(stderr.String(), "no space left on device") {
		t.Errorf("%v, %q", err, stderr.String())
	}
}
