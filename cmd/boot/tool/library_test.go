package tool

import (
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// found returns what a program needs, as paths in dir, where the libraries of
// sub-directory lib are known to all.
func found(dir, program string) ([]string, error) {
	s := &search{dirs: []string{filepath.Join(dir, "lib")}, met: make(map[string]bool)}
	err := s.walk(filepath.Join(dir, program))
	var names []string
	for _, file := range s.files {
		if file != cache {
			names = append(names, strings.TrimPrefix(file, dir+"/"))
		}
	}
	return names, err
}

func TestLibraries(t *testing.T) {
	dir := t.TempDir()
	for file, o := range map[string]object{
		"bin/static":       {},
		"bin/plain":        {interpreter: "/lib64/ld.so\x00", needed: []string{"liba.so", "libb.so"}},
		"bin/own":          {needed: []string{"libb.so"}, runpath: dir + "/elsewhere:$ORIGIN/../own", path: "/ignored"},
		"bin/rpath":        {needed: []string{"libb.so"}, path: dir + "/own"},
		"bin/foreign":      {needed: []string{"libb.so"}, runpath: dir + "/arm"},
		"bin/broken":       {needed: []string{"libbroken.so"}},
		"lib/liba.so":      {needed: []string{"libb.so", "libcircle.so"}},
		"lib/libb.so":      {needed: []string{"ld.so"}},
		"lib/libcircle.so": {needed: []string{"liba.so", "ld.so"}},
		"lib/ld.so":        {},
		"lib/libbroken.so": {needed: []string{"libabsent.so"}},
		"own/libb.so":      {},
		"arm/libb.so":      {machine: elf.EM_AARCH64},
	} {
		o.write(t, filepath.Join(dir, file))
	}
	for program, want := range map[string]string{
		"static":  "",
		"plain":   "/lib64/ld.so lib/liba.so lib/libb.so lib/libcircle.so",
		"own":     "own/libb.so",
		"rpath":   "own/libb.so",
		"foreign": "lib/libb.so lib/ld.so",
	} {
		if got, err := found(dir, "bin/"+program); err != nil || !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: %v, %v, want %s", program, got, err, want)
		}
	}
	_, err := found(dir, "bin/broken")
	if !errors.Is(err, ErrNoLibrary) || !strings.Contains(err.Error(), "libbroken.so needs libabsent.so") {
		t.Errorf("a library that is not there: %v", err)
	}
}

// The dynamic linker of this host finds the same files.
func TestLibrariesAsLdd(t *testing.T) {
	if _, err := exec.LookPath("ldd"); err != nil {
		t.Skip("needs ldd, of the C library")
	}
	for _, name := range []string{"sh", "getent", "ip", "nft", "mtr", "tcpdump"} {
		tools, err := Find(name)
		if errors.Is(err, exec.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		one := tools[len(tools)-1]
		got, want := realPaths(t, one.Libraries), ldd(t, one.Path)
		for _, file := range want {
			if !slices.Contains(got, file) {
				t.Errorf("%s: %s is missing in %v", name, file, got)
			}
		}
	}
}

// ldd returns the files that ldd(1) names.
func ldd(t *testing.T, program string) (files []string) {
	t.Helper()
	out, err := exec.Command("ldd", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(string(out)) {
		if strings.HasPrefix(word, "/") {
			files = append(files, word)
		}
	}
	return realPaths(t, files)
}

func realPaths(t *testing.T, files []string) (all []string) {
	t.Helper()
	for _, file := range files {
		path, err := filepath.EvalSymlinks(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, path)
	}
	return all
}

func TestConfigured(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		"ld.so.conf":        "/first # a comment\n# /none\n\ninclude sub/*.conf\ninclude " + dir + "/absent\n/last\n",
		"sub/a.conf":        "/a\ninclude again.conf\n",
		"sub/again.conf":    "/again\ninclude again.conf\n",
		"sub/not.included":  "/none\n",
		"sub/z.conf":        "/z1 /z2\n",
		"broken/ld.so.conf": "include [\n",
	} {
		path := filepath.Join(dir, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := configured(filepath.Join(dir, "ld.so.conf"))
	if want := strings.Fields("/first /a /again /z1 /z2 /last"); err != nil || !slices.Equal(distinct(got), want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if _, err := configured(filepath.Join(dir, "broken/ld.so.conf")); err == nil {
		t.Error("a broken pattern is none")
	}
	if got, err := configured(filepath.Join(dir, "absent")); err != nil || got != nil {
		t.Errorf("without configuration: %v, %v", got, err)
	}
}

// distinct returns each value once, where it comes first.
func distinct(all []string) (once []string) {
	for _, s := range all {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}
