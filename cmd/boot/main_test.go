package main

import (
	"bytes"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

func TestParse(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/cache")
	with := func(change func(*options)) *options {
		o := &options{
			kernels: []string{"6.12"}, cache: debian.Cache{Dir: "/cache/ebpftrace", Arch: "amd64"}, busybox: true, parallel: 1,
			cpus: 1, memory: 1024, timeout: 5 * time.Minute, argv: []string{},
		}
		change(o)
		return o
	}
	for _, tt := range []struct {
		args []string
		want *options
	}{
		{[]string{"--", "/bin/sh", "-c", "true"}, with(func(o *options) { o.argv = []string{"/bin/sh", "-c", "true"} })},
		{[]string{"-kernel", "5.10,6.1", "-test", "./bpf", "-parallel", "2"}, with(func(o *options) {
			o.kernels, o.tests, o.parallel = []string{"5.10", "6.1"}, []string{"./bpf"}, 2
		})},
		{[]string{"-test", ".,./b", "-tool", "nft", "-test", "./c", "-tool", "ip,mtr", "-env", "A=b", "--", "-test.v"}, with(func(o *options) {
			o.tests, o.tools, o.env, o.argv = []string{".", "./b", "./c"}, []string{"nft", "ip", "mtr"}, []string{"A=b"}, []string{"-test.v"}
		})},
		{[]string{"-arch", "arm64", "/a"}, with(func(o *options) {
			o.cache.Arch, o.argv = "arm64", []string{"/a"}
		})},
		{[]string{"-file", "a:/b", "-file", "/c", "-module", "ifb", "-program", "x", "/b"}, with(func(o *options) {
			o.files = []machine.File{{Guest: "/b", Host: "a"}, {Guest: "/c", Host: "/c"}}
			o.modules, o.programs, o.argv = []string{"ifb"}, []string{"x"}, []string{"/b"}
		})},
	} {
		if got, err := parse(tt.args, t.Output()); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %+v, %v, want %+v", tt.args, got, err, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-kernel", "6.1"}, {"-unknown", "/a"}, {"-timeout", "x", "/a"}, {"-file", "a", "/a"}, {"-file", ":/b", "/a"}, {"-file", "a:b", "/a"},
		{"-parallel", "0", "/a"}, {"-cpus", "0", "/a"}, {"-memory", "-1", "/a"}, {"-test", "", "/a"}, {"-tool", "ip,", "/a"},
		{"-arch", "riscv64", "/a"}, {"-arch", "", "/a"}, {"-arch", "arm64", "-tool", "nft", "/a"},
	} {
		var said bytes.Buffer
		if got, err := parse(args, &said); err == nil || said.Len() == 0 {
			t.Errorf("%q: %+v, %v, said %q", args, got, err, said.String())
		}
	}
}

// Each package's tests run where the package is in its module, among its files.
func TestAddTests(t *testing.T) {
	var said bytes.Buffer
	o := &options{tests: []string{"./module", "./cpio", "./init"}, argv: []string{"-test.v"}, env: []string{"A=b"}}
	m := machine.Options{Stdout: &said}
	if err := o.addTests(t.Context(), &m, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	const here = "github.com/ebpftrace/ebpftrace/cmd/boot/"
	found := make(map[string]string)
	for _, f := range m.Files {
		found[f.Guest] = filepath.Base(f.Host)
	}
	for _, name := range []string{"cpio", "module"} {
		i := slices.IndexFunc(m.Commands, func(c machine.Command) bool { return c.Tests == here+name })
		if i < 0 {
			t.Fatalf("no tests of %s in %+v", name, m.Commands)
		}
		c := m.Commands[i]
		if c.Dir != "/src/cmd/boot/"+name || !slices.Equal(c.Argv[1:], []string{"-test.paniconexit0", "-test.v"}) || !slices.Equal(c.Env, o.env) {
			t.Errorf("%+v", c)
		}
		if found[c.Argv[0]] != filepath.Base(c.Argv[0]) || found[c.Dir+"/"+name+".go"] != name+".go" || found["/src/go.mod"] != "go.mod" {
			t.Errorf("files %v", found)
		}
	}
	if found["/src/.git/HEAD"] != "" {
		t.Error("git's own files come along")
	}
	if want := "?   \t" + here + "init\t[no test files]\n"; said.String() != want || len(m.Commands) != 2 {
		t.Errorf("%d packages, said %q, want %q", len(m.Commands), said.String(), want)
	}
}
