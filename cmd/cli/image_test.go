package cli_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// builtProgram returns a file with the program as the image has it: built by the
// command in the Dockerfile, of what that is given.
func builtProgram(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs Go, to build the program as the image has it")
	}
	file := filepath.Join(t.TempDir(), "ebpftrace")
	built.once.Do(func() {
		buildAsImage(t, file)
		built.program, _ = os.ReadFile(file)
	})
	if err := os.WriteFile(file, built.program, 0o755); err != nil || len(built.program) == 0 {
		t.Fatalf("the program of the image was not built: %v", err)
	}
	return file
}

func buildAsImage(t testing.TB, file string) {
	t.Helper()
	source := t.TempDir()
	copyContext(t, source)
	for _, command := range instructions(t, "RUN") {
		if !strings.Contains(command, "go build ") {
			continue
		}
		build := exec.Command("sh", "-c", strings.Replace(command, "-o /ebpftrace ", "-o "+file+" ", 1))
		build.Dir = source
		build.Env = append(os.Environ(), "TARGETOS=linux", "TARGETARCH="+runtime.GOARCH, "VERSION=v0.image")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
}

// The image holds a static program where its entry point is, that knows its
// version; the builder's Go is the module's.
func TestImage(t *testing.T) {
	file := builtProgram(t)
	out, err := exec.Command(file, "--version").Output()
	if err != nil || !strings.Contains(string(out), "v0.image") {
		t.Errorf("it says it is %q, %v", out, err)
	}
	checkStatic(t, file)
	copied, entry := instructions(t, "COPY --from=build"), instructions(t, "ENTRYPOINT")
	if len(copied) != 1 || len(entry) != 1 || entry[0] != `["`+strings.TrimPrefix(copied[0], "/ebpftrace ")+`"]` {
		t.Errorf("%q is copied, and %q run", copied, entry)
	}
	module, err := os.ReadFile(repository + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(module))[1]
	if from := instructions(t, "FROM"); len(from) != 2 || !strings.Contains(from[0], "golang:"+version+" ") || from[1] != "scratch" {
		t.Errorf("built from %q, want Go %s and then nothing", from, version)
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
