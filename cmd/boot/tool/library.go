package tool

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNoLibrary reports a shared library that is in none of the directories that
// the dynamic linker searches.
var ErrNoLibrary = errors.New("no such shared library")

// The files of ld.so(8). Where it has a cache, it needs it for directories of
// its configuration.
const (
	configuration = "/etc/ld.so.conf"
	cache         = "/etc/ld.so.cache"
)

// standard are the directories that are searched last.
var standard = []string{
	"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
}

// services are libraries that the C library loads by itself to look names up,
// where it does not have them built in (glibc before 2.34).
var services = []string{"libnss_files.so.2", "libnss_dns.so.2"}

// search is a walk through the libraries that a program needs.
type search struct {
	dirs  []string
	met   map[string]bool // by name
	files []string
}

// libraries returns the files of the dynamic linker and the libraries that a
// program needs.
func libraries(program string) ([]string, error) {
	dirs, err := configured(configuration)
	if err != nil {
		return nil, err
	}
	s := &search{dirs: slices.Concat(dirs, standard), met: make(map[string]bool)}
	if err := s.walk(program); err != nil {
		return nil, err
	}
	if s.met["libc.so.6"] {
		for _, name := range services {
			if err := s.add(name, nil); err != nil && !errors.Is(err, ErrNoLibrary) {
				return nil, err
			}
		}
	}
	return s.files, nil
}

// walk adds what a file needs: its interpreter, the libraries that its dynamic
// section names (DT_NEEDED), and theirs.
func (s *search) walk(file string) error {
	f, err := open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := s.addInterpreter(f); err != nil {
		return err
	}
	names, err := f.ImportedLibraries()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	own := ownDirs(f, filepath.Dir(file))
	for _, name := range names {
		if err := s.add(name, own); err != nil {
			return fmt.Errorf("%s needs %w", filepath.Base(file), err)
		}
	}
	return nil
}

// addInterpreter adds the dynamic linker that a program names, and its cache.
func (s *search) addInterpreter(f *elf.File) error {
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		name, err := io.ReadAll(p.Open())
		if err != nil {
			return err
		}
		path := string(bytes.TrimRight(name, "\x00"))
		s.met[filepath.Base(path)] = true // libraries name it too
		s.files = append(s.files, path)
		if _, err := os.Stat(cache); err == nil {
			s.files = append(s.files, cache)
		}
	}
	return nil
}

// add adds a library and what it needs. The linker looks for its name in own
// first.
func (s *search) add(name string, own []string) error {
	if s.met[name] {
		return nil
	}
	for _, dir := range slices.Concat(own, s.dirs) {
		path := filepath.Join(dir, name)
		f, err := open(path)
		if err != nil {
			continue // there is none, or one of another architecture
		}
		f.Close()
		s.met[name] = true
		s.files = append(s.files, path)
		return s.walk(path)
	}
	return fmt.Errorf("%s: %w", name, ErrNoLibrary)
}

// ownDirs returns the directories that a file, which is in origin, has its
// libraries looked for in: DT_RPATH counts where there is no DT_RUNPATH.
func ownDirs(f *elf.File, origin string) (dirs []string) {
	for _, tag := range []elf.DynTag{elf.DT_RUNPATH, elf.DT_RPATH} {
		if lists, err := f.DynString(tag); err == nil && len(lists) > 0 {
			list := strings.NewReplacer("$ORIGIN", origin, "${ORIGIN}", origin).Replace(lists[0])
			return filepath.SplitList(list)
		}
	}
	return nil
}
