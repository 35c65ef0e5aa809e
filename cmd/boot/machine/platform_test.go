package machine

import (
	"errors"
	"strings"
	"testing"
)

// Where an emulator is missing, it is said which, and what to install; an architecture
// that nobody emulates is told from that.
func TestCheck(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for arch, want := range map[string]string{
		"": "qemu-system-x86_64: install Debian's qemu-system-x86 ", "amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64: install Debian's qemu-system-arm",
	} {
		if err := Check(arch); !errors.Is(err, ErrNoEmulator) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", arch, err, want)
		}
	}
	if err := Check("riscv64"); err == nil || errors.Is(err, ErrNoEmulator) || !strings.Contains(err.Error(), `"riscv64": use one of amd64, arm64`) {
		t.Errorf("riscv64: %v", err)
	}
}
