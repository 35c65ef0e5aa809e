package cli

import (
	"io"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// writerFunc writes all or says why not.
type writerFunc func([]byte) error

func (f writerFunc) Write(p []byte) (int, error) {
	if err := f(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// ofHost writes lines of this program, and says of which host they are where they
// don't.
type ofHost struct {
	w    io.Writer
	host string
}

func (h ofHost) Write(p []byte) (int, error) {
	const program = "ebpftrace: "
	line, ours := strings.CutPrefix(string(p), program)
	if ours && !strings.Contains(line, h.host) {
		line = output.Safe(h.host) + ": " + line
	}
	if ours {
		line = program + line
	}
	if _, err := io.WriteString(h.w, line); err != nil {
		return 0, err
	}
	return len(p), nil
}
