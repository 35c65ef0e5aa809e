package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copyContext copies what the build of the image is given: what is not left out by
// Dockerfile.dockerignore.
func copyContext(t testing.TB, to string) {
	t.Helper()
	rules := readRules(t)
	err := filepath.WalkDir(repository, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(repository, path)
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != "." {
			return fs.SkipDir
		}
		if err != nil || !d.Type().IsRegular() || leftOut(rules, name) {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readRules(t testing.TB) (rules []string) {
	t.Helper()
	text, err := os.ReadFile(dockerfile + ".dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			rules = append(rules, line)
		}
	}
	return rules
}

// leftOut knows of the rules' language what is used there: the last one that fits
// decides, and "!" lets in.
func leftOut(rules []string, path string) (out bool) {
	for _, rule := range rules {
		if kept, ok := strings.CutPrefix(rule, "!"); fits(kept, path) {
			out = !ok
		}
	}
	return out
}

// fits reports whether a rule names the path or a folder that it is in: at the top,
// or with "**/" anywhere.
func fits(rule, path string) bool {
	parts := strings.Split(path, "/")
	anywhere, ok := strings.CutPrefix(rule, "**/")
	if !ok {
		parts = parts[:1]
	}
	for _, part := range parts {
		if match, _ := filepath.Match(anywhere, part); match {
			return true
		}
	}
	return false
}
