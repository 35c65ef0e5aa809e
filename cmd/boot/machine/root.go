package machine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"

	"github.com/ebpftrace/ebpftrace/cmd/boot/cpio"
	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
	"github.com/ebpftrace/ebpftrace/cmd/boot/module"
)

const hosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"

// writeRoot writes the machine's root file system to a file. init is the
// program of the first process.
func (o Options) writeRoot(to, init string) (err error) {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b := bufio.NewWriterSize(f, 1<<20)
	if err := o.root(b, init); err != nil {
		return err
	}
	return b.Flush()
}

func (o Options) root(to io.Writer, init string) error {
	w := cpio.NewWriter(to)
	for _, dir := range []string{"proc", "sys", "dev", "tmp", "run", "bin", "etc", o.Dir} {
		w.Directory(dir)
	}
	w.Device("dev/console", 5, 1) // the kernel opens it before /dev is mounted
	w.File("etc/hosts", 0o644, []byte(hosts))
	w.File("etc/passwd", 0o644, []byte("root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n"))
	w.File("etc/group", 0o644, []byte("root:x:0:\nnogroup:x:65534:\n"))
	modules, err := o.addModules(w)
	if err != nil {
		return err
	}
	for _, file := range append(slices.Clone(o.Files), File{"/init", init}) {
		if err := add(w, file); err != nil {
			return err
		}
	}
	plan, err := guest.Plan{
		Modules: modules, Argv: o.Argv, Env: slices.Concat(environment, o.Env), Dir: o.Dir,
	}.Marshal()
	w.File(guest.PlanFile, 0o644, plan)
	return errors.Join(err, w.Close())
}

// addModules adds the kernel modules and returns their paths in the order of
// loading.
func (o Options) addModules(w *cpio.Writer) (paths []string, err error) {
	tree, err := module.Open(o.Kernel.Modules)
	if err != nil {
		return nil, err
	}
	modules, err := tree.Load(slices.Concat(Modules, o.Modules)...)
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		name := path.Join("/lib/modules", o.Kernel.Release, m.Name+".ko")
		w.File(name, 0o644, m.Image)
		paths = append(paths, name)
	}
	return paths, nil
}

func add(w *cpio.Writer, f File) error {
	info, err := os.Stat(f.Host)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("machine: %s is no regular file", f.Host)
	}
	content, err := os.ReadFile(f.Host)
	if err != nil {
		return err
	}
	return w.File(f.Guest, uint32(info.Mode().Perm()), content)
}
