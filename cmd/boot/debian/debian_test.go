package debian

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Numbers count as numbers, the first that differs.
func TestNewestOf(t *testing.T) {
	pattern := regexp.MustCompile(`^linux-image-6\.1[^2].*-cloud-amd64$`)
	for _, tt := range []struct{ names, want string }{
		{"", ""},
		{"linux-image-6.12.9-cloud-amd64 linux-headers-6.1.0-9-cloud-amd64", ""},
		{"linux-image-6.1.0-9-cloud-amd64 linux-image-6.1.0-10-cloud-amd64", "linux-image-6.1.0-10-cloud-amd64"},
		{"linux-image-6.1.0-9-cloud-amd64 linux-image-6.1.0-10-cloud-amd64-dbg", "linux-image-6.1.0-9-cloud-amd64"},
		{"linux-image-6.1.0-0.deb11.99-cloud-amd64 linux-image-6.1.0-1-cloud-amd64", "linux-image-6.1.0-1-cloud-amd64"},
	} {
		if got := newestOf(strings.Fields(tt.names), pattern); got != tt.want {
			t.Errorf("of %s: %q, want %q", tt.names, got, tt.want)
		}
	}
}

// A kernel in the cache is used without a look at the mirror.
func TestCached(t *testing.T) {
	c := Cache{Dir: t.TempDir(), Mirror: "http://mirror.invalid"}
	for _, release := range []string{"6.1.0-9-cloud-amd64", "6.1.0-10-cloud-amd64", "6.12.1+deb12-cloud-amd64"} {
		if err := os.MkdirAll(filepath.Join(c.packages(), "linux-image-"+release), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	k, err := c.Kernel(t.Context(), "6.1")
	if err != nil || k.Release != "6.1.0-10-cloud-amd64" || filepath.Base(k.Image) != "vmlinuz-"+k.Release {
		t.Errorf("%+v, %v", k, err)
	}
}

func TestBadSeries(t *testing.T) {
	for _, version := range []string{"", "6", "6.1.0", "latest", "6.1 ", ".*"} {
		if _, err := (Cache{Dir: t.TempDir()}).Kernel(t.Context(), version); err == nil || errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", version, err)
		}
	}
}

func TestSources(t *testing.T) {
	got := Cache{Mirror: "http://mirror.example"}.sources()
	for _, want := range []string{
		" http://mirror.example/debian bullseye main\n",
		" http://mirror.example/debian-security bookworm-security main\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Count(got, "[signed-by=") != strings.Count(got, "\n") {
		t.Errorf("a source without a key:\n%s", got)
	}
}
