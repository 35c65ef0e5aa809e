package machine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
)

// initProgram is the package of the first process.
const initProgram = "github.com/ebpftrace/ebpftrace/cmd/boot/init"

// Build builds a package's program for the machine, into a file of that name.
func Build(ctx context.Context, file, pkg string) error {
	_, err := goTool(ctx, "build", "-o", file, pkg)
	return err
}

// BuildTest builds a package's tests, as Build does.
func BuildTest(ctx context.Context, file, pkg string) error {
	_, err := goTool(ctx, "test", "-c", "-o", file, pkg)
	return err
}

// goTool runs the go command such that what it builds needs no shared library,
// and returns its output.
func goTool(ctx context.Context, args ...string) ([]byte, error) {
	var problem bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=-buildvcs=false")
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("machine: go %s %s: %w\n%s%s", args[0], args[len(args)-1], err, out, problem.Bytes())
	}
	return out, nil
}
