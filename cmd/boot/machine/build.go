package machine

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
)

// initProgram is the package of the first process.
const initProgram = "github.com/ebpftrace/ebpftrace/cmd/boot/init"

// Build builds a package's program for machines of that architecture, into a file of
// that name.
func Build(ctx context.Context, arch, file, pkg string) error {
	_, err := goTool(ctx, arch, "build", "-o", file, pkg)
	return err
}

// BuildTest builds a package's tests, as Build does.
func BuildTest(ctx context.Context, arch, file, pkg string) error {
	_, err := goTool(ctx, arch, "test", "-c", "-o", file, pkg)
	return err
}

// goTool runs the go command such that what it builds needs no shared library,
// and returns its output.
func goTool(ctx context.Context, arch string, args ...string) ([]byte, error) {
	var problem bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+cmp.Or(arch, DefaultArch), "GOFLAGS=-buildvcs=false")
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("machine: go %s %s: %w\n%s%s", args[0], args[len(args)-1], err, out, problem.Bytes())
	}
	return out, nil
}
