package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// Where tests are in the machine: the binaries, and the module's files.
const (
	binaries = "/tests"
	source   = "/src"
)

// addTests builds the tests of each package and makes them commands, which run
// as with go test: in the package's directory, among the files of its module.
func (o *options) addTests(ctx context.Context, m *machine.Options, scratch string) error {
	if len(o.tests) == 0 {
		return nil
	}
	packages, err := machine.Packages(ctx, o.cache.Arch, o.tests...)
	if err != nil {
		return err
	}
	for _, p := range packages {
		if !p.Tested() {
			fmt.Fprintf(m.Stdout, "?   \t%s\t[no test files]\n", p.ImportPath)
			continue
		}
		if err := o.addPackage(ctx, m, p, scratch); err != nil {
			return err
		}
	}
	return addModule(m, packages[0].Module.Dir)
}

func (o *options) addPackage(ctx context.Context, m *machine.Options, p machine.Package, scratch string) error {
	name := "test" + strconv.Itoa(len(m.Commands))
	file := filepath.Join(scratch, name)
	if err := machine.BuildTest(ctx, o.cache.Arch, file, p.ImportPath); err != nil {
		return err
	}
	inside := path.Join(binaries, name)
	m.Files = append(m.Files, machine.File{Guest: inside, Host: file})
	m.Commands = append(m.Commands, machine.Command{
		Argv: slices.Concat([]string{inside, "-test.paniconexit0"}, o.argv),
		Dir:  path.Join(source, p.Inside()), Env: o.env, Tests: p.ImportPath,
	})
	return nil
}

// addModule has the module's files in the machine, but for git's and what is
// built from them.
func addModule(m *machine.Options, root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		inside, errRel := filepath.Rel(root, name)
		switch {
		case err != nil || errRel != nil:
			return errors.Join(err, errRel)
		case d.IsDir() && (inside == ".git" || inside == "bin"):
			return fs.SkipDir
		case d.Type().IsRegular():
			m.Files = append(m.Files, machine.File{Guest: path.Join(source, inside), Host: name})
		}
		return nil
	})
}
