package machine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/boot/module"
)

// What a kernel lacks is told, but for what is part of something that it has.
func TestLacking(t *testing.T) {
	for _, tt := range []struct{ absent, want string }{
		{"", ""}, {"vrf", "vrf"}, {"nft_counter", ""}, {"nf_tables", "nf_tables"}, {"nft_counter nf_tables", "nf_tables nft_counter"},
	} {
		there, lacking := split(treeWithout(t, strings.Fields(tt.absent)))
		if !slices.Equal(lacking, strings.Fields(tt.want)) {
			t.Errorf("without %s: lacks %v, want %s", tt.absent, lacking, tt.want)
		}
		for _, name := range wanted {
			if slices.Contains(there, name) == slices.Contains(strings.Fields(tt.absent), name) {
				t.Errorf("without %s: loads %v", tt.absent, there)
			}
		}
	}
}

// treeWithout returns the modules of a kernel that has all but those.
func treeWithout(t *testing.T, absent []string) *module.Tree {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "kernel"), 0o755); err != nil {
		t.Fatal(err)
	}
	var builtin strings.Builder
	for _, name := range wanted {
		if !slices.Contains(absent, name) {
			builtin.WriteString("kernel/" + name + ".ko\n")
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "modules.builtin"), []byte(builtin.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	tree, err := module.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
