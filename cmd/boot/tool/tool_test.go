package tool

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one", "mtr", "mtr-packet"} {
		object{}.write(t, filepath.Join(dir, name))
	}
	if err := os.WriteFile(filepath.Join(dir, "script"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	roots := system
	t.Cleanup(func() { system = roots })
	system = nil
	for _, tt := range []struct{ name, want string }{
		{"one", "one"}, {filepath.Join(dir, "one"), "one"}, {"mtr", "mtr-packet mtr"},
	} {
		all, err := Find(tt.name)
		var names []string
		for _, one := range all {
			names = append(names, one.Name)
			if one.Path != filepath.Join(dir, one.Name) || len(one.Libraries) > 0 {
				t.Errorf("%s: %+v", tt.name, one)
			}
		}
		if got := strings.Join(names, " "); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v, want %s", tt.name, got, err, tt.want)
		}
	}
	if all, err := Find("script"); err == nil || !strings.Contains(err.Error(), "no ELF") {
		t.Errorf("a script: %+v, %v", all, err)
	}
	if _, err := Find("no-such-tool"); !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "no-such-tool") {
		t.Errorf("a missing tool: %v", err)
	}
	os.Remove(filepath.Join(dir, "mtr-packet"))
	if _, err := Find("mtr"); !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "mtr starts tool mtr-packet") {
		t.Errorf("half of a tool: %v", err)
	}
}
