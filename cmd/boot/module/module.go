// Package module finds kernel modules in an unpacked kernel package, and the
// order in which they have to be loaded. Debian's packages hold no modules.dep,
// so dependencies come from the modules themselves.
package module

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrMissing reports a module that the kernel has neither as a file nor built
// in.
var ErrMissing = errors.New("the kernel has no such module")

// Module is a kernel module that is ready to load.
type Module struct {
	// Name is as in lsmod: with underscores.
	Name string
	// Image is the ELF file, decompressed.
	Image []byte
}

// Tree is the modules of one kernel.
type Tree struct {
	files   map[string]string // by name
	builtin map[string]bool
	needs   func(image []byte) ([]string, error)
	read    func(path string) ([]byte, error)
}

// Open reads what modules there are below a directory like
// /lib/modules/6.1.0-1-amd64.
func Open(dir string) (*Tree, error) {
	t := &Tree{files: make(map[string]string), builtin: make(map[string]bool), needs: needs, read: read}
	err := filepath.WalkDir(filepath.Join(dir, "kernel"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.files[nameOf(path)] = path
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("module: %w", err)
	}
	return t, t.readBuiltin(filepath.Join(dir, "modules.builtin"))
}

func (t *Tree) readBuiltin(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("module: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		t.builtin[nameOf(lines.Text())] = true
	}
	return lines.Err()
}

// nameOf returns the name of the module in a file: the kernel takes hyphens for
// underscores.
func nameOf(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".ko")
	return strings.ReplaceAll(name, "-", "_")
}

// Has reports whether the kernel has the module, as a file or built in.
func (t *Tree) Has(name string) bool {
	name = nameOf(name)
	return t.builtin[name] || t.files[name] != ""
}

// Load returns the modules and what they depend on, each after its own
// dependencies and once. What is built into the kernel is left out. The error
// is [ErrMissing] if the kernel lacks one.
func (t *Tree) Load(names ...string) ([]Module, error) {
	l := &loading{tree: t, met: make(map[string]bool)}
	for _, name := range names {
		if err := l.add(name); err != nil {
			return nil, err
		}
	}
	return l.order, nil
}

// loading is a walk through the dependencies.
type loading struct {
	tree  *Tree
	met   map[string]bool
	order []Module
}

func (l *loading) add(name string) error {
	name = nameOf(name)
	if l.met[name] || l.tree.builtin[name] {
		return nil
	}
	l.met[name] = true
	path, ok := l.tree.files[name]
	if !ok {
		return fmt.Errorf("module %s: %w", name, ErrMissing)
	}
	image, err := l.tree.read(path)
	if err != nil {
		return fmt.Errorf("module %s: %w", name, err)
	}
	below, err := l.tree.needs(image)
	if err != nil {
		return fmt.Errorf("module %s: dependencies: %w", name, err)
	}
	for _, other := range below {
		if err := l.add(other); err != nil {
			return fmt.Errorf("%s needs %w", name, err)
		}
	}
	l.order = append(l.order, Module{name, image})
	return nil
}
