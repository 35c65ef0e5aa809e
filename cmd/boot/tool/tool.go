// Package tool finds programs of this host and the shared libraries that they
// need, so that they can run where nothing else of this host is.
package tool

import (
	"debug/elf"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Tool is a program of this host.
type Tool struct {
	// Name is what it is called by, Path is its file.
	Name, Path string
	// Libraries are the files of its dynamic linker and its shared libraries,
	// where that linker looks for them. There are none if it needs none.
	Libraries []string
}

// system are directories that are not in every user's PATH.
var system = []string{"/usr/local/sbin", "/usr/sbin", "/sbin"}

// companions are programs that another one starts.
var companions = map[string]string{"mtr": "mtr-packet"}

// Find returns the program that a shell would run, or root's shell, after the
// programs that it starts in its turn.
func Find(name string) (all []Tool, err error) {
	if other, ok := companions[name]; ok {
		if all, err = Find(other); err != nil {
			return nil, fmt.Errorf("%s starts %w", name, err)
		}
	}
	path, err := lookUp(name)
	if err != nil {
		return nil, fmt.Errorf("tool %s: %w: install it, or do without", name, err)
	}
	libraries, err := libraries(path)
	if err != nil {
		return nil, fmt.Errorf("tool %s: %w", name, err)
	}
	return append(all, Tool{filepath.Base(name), path, libraries}), nil
}

func lookUp(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return filepath.Abs(path)
	}
	for _, dir := range system {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// open opens an ELF file for x86-64.
func open(path string) (*elf.File, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("no ELF file: %s: %w", path, err)
	}
	if f.Machine != elf.EM_X86_64 || f.Class != elf.ELFCLASS64 {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, errForeign), f.Close())
	}
	return f, nil
}

var errForeign = errors.New("not for x86-64, which the machine is")
