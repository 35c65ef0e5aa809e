package machine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Package is a Go package of this host.
type Package struct {
	// ImportPath is how Go code names it, Dir is where it is.
	ImportPath, Dir string
	Module          struct{ Dir string }
	// The names of the files with tests: of the package, and beside it.
	TestGoFiles, XTestGoFiles []string
}

// Inside returns the package's directory in that of its module.
func (p Package) Inside() string {
	inside, err := filepath.Rel(p.Module.Dir, p.Dir)
	if err != nil {
		return p.ImportPath
	}
	return filepath.ToSlash(inside)
}

// Tested reports whether there are tests to build.
func (p Package) Tested() bool { return len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 }

// Packages returns the packages that the go command finds by these patterns, one
// at least, with the files that are for that architecture.
func Packages(ctx context.Context, arch string, patterns ...string) (all []Package, err error) {
	out, err := goTool(ctx, arch, append([]string{"list", "-json=ImportPath,Dir,Module,TestGoFiles,XTestGoFiles", "--"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	for list := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		switch err := list.Decode(&p); {
		case errors.Is(err, io.EOF) && len(all) > 0:
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("machine: go list: %w", err)
		}
		all = append(all, p)
	}
}
