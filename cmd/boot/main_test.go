package main

import (
	"bytes"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/debian"
	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

func TestParse(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/cache")
	with := func(change func(*options)) *options {
		o := &options{
			kernels: []string{"6.12"}, cache: debian.Cache{Dir: "/cache/ebpftrace"}, busybox: true,
			cpus: 2, memory: 1024, timeout: 5 * time.Minute, argv: []string{},
		}
		change(o)
		return o
	}
	for _, tt := range []struct {
		args []string
		want *options
	}{
		{[]string{"--", "/bin/sh", "-c", "true"}, with(func(o *options) { o.argv = []string{"/bin/sh", "-c", "true"} })},
		{[]string{"-kernel", "5.10,6.1", "-test", "./bpf"}, with(func(o *options) {
			o.kernels, o.tests = []string{"5.10", "6.1"}, "./bpf"
		})},
		{[]string{"-test", ".", "--", "-test.v"}, with(func(o *options) { o.tests, o.argv = ".", []string{"-test.v"} })},
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
	} {
		var said bytes.Buffer
		if got, err := parse(args, &said); err == nil || said.Len() == 0 {
			t.Errorf("%q: %+v, %v, said %q", args, got, err, said.String())
		}
	}
}

// Tests run among the files of their package.
func TestAddTests(t *testing.T) {
	o := &options{tests: "./module"}
	m := machine.Options{Argv: []string{"-test.v"}}
	if err := o.addTests(t.Context(), &m, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"/test", "-test.v"}; !reflect.DeepEqual(m.Argv, want) || m.Dir != "/src" {
		t.Errorf("%v in %s, want %v", m.Argv, m.Dir, want)
	}
	found := make(map[string]string)
	for _, f := range m.Files {
		found[f.Guest] = filepath.Base(f.Host)
	}
	if found["/test"] != "test" || found["/src/module.go"] != "module.go" {
		t.Errorf("files %v", found)
	}
}
