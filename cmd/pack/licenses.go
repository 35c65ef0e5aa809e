package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// writeLicenses writes the licenses of everything in the program that is not ours:
// most want to be handed on with it.
func writeLicenses(w io.Writer, _ string, info *buildinfo.BuildInfo) error {
	for _, m := range modules(info) {
		dir, err := source(m.Path, m.Version)
		if err != nil {
			return err
		}
		texts, err := licenses(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Path, err)
		}
		fmt.Fprintf(w, "%s\n%s %s\n\n%s\n", strings.Repeat("=", 79), m.Path, m.Version, strings.Join(texts, "\n"))
	}
	return nil
}

// source returns where the source of a module is on this machine.
func source(path, version string) (string, error) {
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path+"@"+version)
	if path == "std" {
		list = exec.Command("go", "env", "GOROOT")
	}
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("where the source of %s is: %w", path, err)
	}
	return strings.TrimSpace(string(out)), nil
}

var licenseFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

func licenses(dir string) (texts []string, err error) {
	if dir == "" {
		return nil, errors.New("no source here: run go mod download")
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if !f.Type().IsRegular() || !licenseFile.MatchString(f.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	if texts == nil {
		return nil, errors.New("no license in " + dir)
	}
	return texts, nil
}
