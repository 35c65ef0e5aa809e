package cli

import (
	"io"
	"os"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// openInput opens a file to read; "-" is standard input.
func openInput(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, usage("%w", err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, usage("%s is a directory: give a file", output.Safe(name))
	}
	return f, nil
}
