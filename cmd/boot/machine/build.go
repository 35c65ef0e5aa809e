package machine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// initProgram is the package of the first process.
const initProgram = "github.com/ebpftrace/ebpftrace/cmd/boot/init"

// Build builds a package's program for the machine, into a file of that name.
func Build(ctx context.Context, file, pkg string) error {
	return goTool(ctx, "build", "-o", file, pkg)
}

// BuildTest builds a package's tests, as Build does.
func BuildTest(ctx context.Context, file, pkg string) error {
	return goTool(ctx, "test", "-c", "-o", file, pkg)
}

// goTool runs the go command such that what it builds needs no shared library.
func goTool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("machine: go %s %s: %w\n%s", args[0], args[len(args)-1], err, out)
	}
	return nil
}
