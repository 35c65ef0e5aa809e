package module

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes modules whose content is the list of what they depend on.
func tree(t *testing.T, modules map[string]string, builtin string) *Tree {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "kernel/net"), 0o755); err != nil {
		t.Fatal(err)
	}
	for file, content := range modules {
		if err := os.WriteFile(filepath.Join(dir, "kernel/net", file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "modules.builtin"), []byte(builtin), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	got.needs = func(image []byte) ([]string, error) { return strings.Fields(string(image)), nil }
	return got
}

func TestOrder(t *testing.T) {
	got := tree(t, map[string]string{
		"8021q.ko": "mrp garp", "mrp.ko": "", "garp.ko": "stp", "stp.ko": "llc", "llc.ko": "",
		"act-bpf.ko": "built_in", "broken.ko": "absent", "circle.ko": "circle",
	}, "kernel/lib/built-in.ko\n")
	for _, tt := range []struct{ load, want string }{
		{"", ""},
		{"llc", "llc"},
		{"built-in", ""},
		{"act_bpf", "act_bpf"},
		{"act-bpf act_bpf", "act_bpf"},
		{"8021q", "mrp llc stp garp 8021q"},
		{"stp 8021q", "llc stp mrp garp 8021q"},
		{"circle", "circle"},
	} {
		modules, err := got.Load(strings.Fields(tt.load)...)
		var names []string
		for _, m := range modules {
			names = append(names, m.Name)
		}
		if err != nil || !slices.Equal(names, strings.Fields(tt.want)) {
			t.Errorf("%s: %v, %v, want %s", tt.load, names, err, tt.want)
		}
	}
	if _, err := got.Load("broken"); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "broken needs module absent") {
		t.Errorf("a module that depends on none that is there: %v", err)
	}
}

func TestHas(t *testing.T) {
	got := tree(t, map[string]string{"act-bpf.ko": ""}, "kernel/lib/built-in.ko\n")
	for name, want := range map[string]bool{"act_bpf": true, "act-bpf": true, "built_in": true, "absent": false} {
		if got.Has(name) != want {
			t.Errorf("%s: %v, want %v", name, !want, want)
		}
	}
}

func TestDepends(t *testing.T) {
	for _, tt := range []struct {
		info string
		want []string
	}{
		{"", nil},
		{"license=GPL\x00depends=\x00name=veth\x00", nil},
		{"license=GPL\x00depends=stp\x00", []string{"stp"}},
		{"softdepends=x\x00depends=mrp,garp\x00vermagic=6.1.0\x00", []string{"mrp", "garp"}},
	} {
		if got := depends([]byte(tt.info)); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.info, got, tt.want)
		}
	}
}

func TestNoELF(t *testing.T) {
	if _, err := needs([]byte("no ELF file")); err == nil {
		t.Error("text has dependencies")
	}
}
