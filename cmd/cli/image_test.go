package cli_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

const (
	repository = "../.."
	dockerfile = repository + "/.docker/Dockerfile"
)

// instructions returns those of the Dockerfile of one kind, without their name.
func instructions(t testing.TB, name string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(dockerfile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			all = append(all, strings.TrimSpace(rest))
		}
	}
	return all
}

// built is the program, once it has been built.
var built struct {
	once    sync.Once
	program []byte
}

// builtProgram returns a file with the program as the image has it: the release's.
func builtProgram(t testing.TB) string {
	t.Helper()
	for _, tool := range []string{"go", "make"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs Go and make, to build the program as the image has it")
		}
	}
	file := filepath.Join(t.TempDir(), "ebpftrace")
	built.once.Do(func() {
		built.program, _ = os.ReadFile(released(t))
	})
	if err := os.WriteFile(file, built.program, 0o755); err != nil || len(built.program) == 0 {
		t.Fatalf("the program of the image was not built: %v", err)
	}
	return file
}

// released makes a release and returns the file of its program.
func released(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	c := exec.Command("make", "-C", repository, "release", "ARCHS="+runtime.GOARCH, "RELEASE="+dir, "VERSION=v0.image")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("make release: %v\n%s", err, out)
	}
	return filepath.Join(dir, "ebpftrace-linux-"+runtime.GOARCH)
}

// The image holds the release's static program, which knows its version, where the
// entry point is, and comes from no other image.
func TestImage(t *testing.T) {
	file := builtProgram(t)
	out, err := exec.Command(file, "--version").Output()
	if err != nil || !strings.Contains(string(out), "v0.image") {
		t.Errorf("it says it is %q, %v", out, err)
	}
	checkStatic(t, file)
	copied, entry := instructions(t, "COPY"), instructions(t, "ENTRYPOINT")
	if len(copied) != 1 || len(entry) != 1 || entry[0] != `["`+strings.TrimPrefix(copied[0], "ebpftrace-linux-$TARGETARCH ")+`"]` {
		t.Errorf("%q is copied, and %q run", copied, entry)
	}
	if from := instructions(t, "FROM"); len(from) != 1 || from[0] != "scratch" {
		t.Errorf("built from %q, want nothing", from)
	}
}

func checkStatic(t *testing.T, file string) {
	t.Helper()
	program, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	libraries, err := program.ImportedLibraries()
	if err != nil || len(libraries) > 0 {
		t.Errorf("it needs %v: %v", libraries, err)
	}
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("it needs a dynamic linker")
		}
	}
}
