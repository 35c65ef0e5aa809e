package debian

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"golang.org/x/sys/unix"
)

// ErrUnknown reports a package that no release offers.
var ErrUnknown = errors.New("no such package")

// Cache is a directory of unpacked packages, one directory each. What is there
// is used as it is: remove it to get what is newer. Several processes may share
// a cache.
type Cache struct {
	// Dir is made when it is needed.
	Dir string
	// Mirror is where packages come from; empty for http://deb.debian.org.
	Mirror string
	// Arch is the architecture of the packages, as Debian names it; empty for amd64.
	Arch string
}

// DefaultDir returns $XDG_CACHE_HOME/ebpftrace, or /var/cache/ebpftrace for
// root, or else what the system has for caches of a user.
func DefaultDir() (string, error) {
	if os.Getenv("XDG_CACHE_HOME") == "" && os.Geteuid() == 0 {
		return "/var/cache/ebpftrace", nil
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "ebpftrace"), err
}

// newest returns the directory of the newest package whose whole name matches,
// and gets it first if the cache holds none that does.
func (c Cache) newest(ctx context.Context, pattern *regexp.Regexp) (string, error) {
	unlock, err := c.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	if name, err := c.cached(pattern); name != "" || err != nil {
		return filepath.Join(c.packages(), name), err
	}
	name, err := c.offered(ctx, pattern)
	if err != nil {
		return "", err
	}
	return filepath.Join(c.packages(), name), c.get(ctx, name)
}

const defaultArch = "amd64"

func (c Cache) arch() string { return cmp.Or(c.Arch, defaultArch) }

// own is the directory for one architecture.
func (c Cache) own() string {
	if c.arch() == defaultArch {
		return c.Dir
	}
	return filepath.Join(c.Dir, c.arch())
}

func (c Cache) packages() string { return filepath.Join(c.own(), "packages") }

// lock waits until no other process changes the cache.
func (c Cache) lock() (unlock func(), err error) {
	if err := os.MkdirAll(c.packages(), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(c.Dir, "lock"))
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", f.Name(), err), f.Close())
	}
	return func() { f.Close() }, nil
}

// cached returns the newest package in the cache that matches, or "".
func (c Cache) cached(pattern *regexp.Regexp) (string, error) {
	entries, err := os.ReadDir(c.packages())
	return newestOf(namesOf(entries), pattern), err
}

func namesOf(entries []fs.DirEntry) (names []string) {
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// newestOf returns the name with the highest numbers of those that match, or "".
func newestOf(names []string, pattern *regexp.Regexp) string {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !pattern.MatchString(name) })
	if len(names) == 0 {
		return ""
	}
	return slices.MaxFunc(names, byNumbers)
}
