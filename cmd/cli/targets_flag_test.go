package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// -i names an interface if there is one, else a file of targets.
func TestInterfaceOrFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"hosts", "lo", "more"} {
		if err := os.WriteFile(name, []byte("of-"+name+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	full := filepath.Join(t.TempDir(), "full")
	if err := os.WriteFile(full, []byte("of-full\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, device, hosts string }{
		{"-i lo h", "lo", "h"},
		{"-i hosts", "", "of-hosts"},
		{"-i ./lo", "", "of-lo"},
		{"-i lo -i hosts", "lo", "of-hosts"},
		{"-i hosts --interface lo", "lo", "of-hosts"},
		{"-i hosts -i more h", "", "h of-hosts of-more"},
		{"--targets hosts --targets more", "", "of-hosts of-more"},
		{"-i " + full, "", "of-full"},
		{"-i -", "", "of-stdin"},
		{"-i - --targets hosts", "", "of-stdin of-hosts"},
		{"-i none h", "none", "h"},
	} {
		o, found := &options{}, &targets{stdin: strings.NewReader("of-stdin\n")}
		c := newTrace("ebpftrace", nil, nil)
		c.ResetFlags()
		o.flags(c.Flags())
		found.flags(c.Flags())
		if err := c.ParseFlags(strings.Fields(tt.args)); err != nil {
			t.Fatal(err)
		}
		if _, err := found.read(c.Flags().Args()); err != nil || o.interfaceTo != tt.device || !slices.Equal(found.hosts, strings.Fields(tt.hosts)) {
			t.Errorf("%s: interface %q, hosts %q, %v; want %q, %s", tt.args, o.interfaceTo, found.hosts, err, tt.device, tt.hosts)
		}
	}
}

// What is neither is said to be so, whatever else stands there.
func TestNeitherInterfaceNorFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"-i nope0 127.0.0.1":  `-i "nope0" is neither an interface`,
		"-i folder 127.0.0.1": `-i "folder" is neither an interface`,
		"-i ./folder":         "targets: read ./folder: is a directory",
		"-i /no/such/file":    "targets: open /no/such/file: no such file",
	} {
		status, stdout, stderr := run(strings.Fields(args)...)
		if status != ExitUsage || stdout != "" || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q%q; want one line with %q", args, status, stdout, stderr, want)
		}
	}
}

// An interface among the defaults stays when the command line reads targets from a file.
func TestInterfaceOfDefaultsBesideFile(t *testing.T) {
	configured(t, "-i nope0", "")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("hosts", []byte("127.0.0.1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, stderr := run("-i", "hosts"); !strings.Contains(stderr, `-i "nope0" is neither`) {
		t.Errorf("%q, want the interface of the defaults", stderr)
	}
}
