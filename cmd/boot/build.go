package main

import (
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// Where things are in the machine.
const (
	testBinary = "/test"
	programs   = "/bin"
	source     = "/src"
)

// addPrograms builds the programs, each of which gets its directory's name.
func (o *options) addPrograms(ctx context.Context, m *machine.Options, scratch string) error {
	for i, pkg := range o.programs {
		dir, err := filepath.Abs(pkg)
		if err != nil {
			return err
		}
		file := filepath.Join(scratch, "program"+strconv.Itoa(i))
		if err := machine.Build(ctx, file, pkg); err != nil {
			return err
		}
		m.Files = append(m.Files, machine.File{Guest: path.Join(programs, filepath.Base(dir)), Host: file})
	}
	return nil
}

// addTests builds the tests and makes them the command, run as go test does: in
// the package's directory, with its files.
func (o *options) addTests(ctx context.Context, m *machine.Options, scratch string) error {
	file := filepath.Join(scratch, "test")
	if err := machine.BuildTest(ctx, file, o.tests); err != nil {
		return err
	}
	m.Dir = source
	m.Argv = append([]string{testBinary}, m.Argv...)
	m.Files = append(m.Files, machine.File{Guest: testBinary, Host: file})
	return filepath.WalkDir(o.tests, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		inside, err := filepath.Rel(o.tests, name)
		m.Files = append(m.Files, machine.File{Guest: path.Join(source, inside), Host: name})
		return err
	})
}
