package machine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/ebpftrace/ebpftrace/cmd/boot/cpio"
	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
)

// etc are the files that programs look for. Names are not asked for elsewhere.
var etc = map[string]string{
	"hosts":         "127.0.0.1 localhost\n::1 localhost ip6-localhost\n",
	"resolv.conf":   "",
	"nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nprotocols: files\nservices: files\n",
	"passwd":        "root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
	"group":         "root:x:0:\nnogroup:x:65534:\n",
	"protocols":     "ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\nipv6 41 IPv6\nipv6-icmp 58 IPv6-ICMP\n",
}

// writeRoot writes the machine's root file system to a file, and returns the
// names of the modules that the kernel lacks. init is the program of the first
// process.
func (o Options) writeRoot(to, init string) (lacking []string, err error) {
	f, err := os.Create(to)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b := bufio.NewWriterSize(f, 1<<20)
	if lacking, err = o.root(b, init); err != nil {
		return nil, err
	}
	return lacking, b.Flush()
}

func (o Options) root(to io.Writer, init string) (lacking []string, err error) {
	w := cpio.NewWriter(to)
	o.addDirectories(w)
	w.Device("dev/console", 5, 1) // the kernel opens it before /dev is mounted
	for _, name := range slices.Sorted(maps.Keys(etc)) {
		w.File("etc/"+name, 0o644, []byte(etc[name]))
	}
	modules, lacking, err := o.addModules(w)
	if err != nil {
		return nil, err
	}
	for _, file := range append(unique(o.Files), File{"/init", init}) {
		if err := add(w, file); err != nil {
			return nil, err
		}
	}
	plan, err := guest.Plan{Modules: modules, Commands: o.Commands}.Marshal()
	w.File(guest.PlanFile, 0o644, plan)
	return lacking, errors.Join(err, w.Close())
}

func (o Options) addDirectories(w *cpio.Writer) {
	for _, dir := range []string{"proc", "sys", "dev", "tmp", "run", "bin", "etc"} {
		w.Directory(dir)
	}
	for _, c := range o.Commands {
		w.Directory(c.Dir)
	}
}

// unique returns the files without those whose place another one takes later.
func unique(files []File) (all []File) {
	last := make(map[string]int)
	for i, f := range files {
		last[f.Guest] = i
	}
	for i, f := range files {
		if last[f.Guest] == i {
			all = append(all, f)
		}
	}
	return all
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
