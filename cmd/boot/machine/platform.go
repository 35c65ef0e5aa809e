package machine

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
)

// ErrNoEmulator reports that the program that emulates the machine is not installed.
var ErrNoEmulator = errors.New("there is no emulator")

// platform is how machines of an architecture are emulated.
type platform struct {
	emulator, packages string // of Debian
	// machine are the emulator's arguments that choose what it emulates.
	machine []string
	// kernel is what the kernel is told beside what all kernels are.
	kernel string
}

// platforms by Go's name of the architecture, which is Debian's too.
var platforms = map[string]platform{
	// The time stamp counter is the only clock that can be read without leaving the
	// emulated CPU. Timers are not tested: they seem broken where the host is busy.
	"amd64": {
		emulator: "qemu-system-x86_64", packages: "qemu-system-x86 and seabios",
		machine: []string{"-cpu", "max"}, kernel: "console=ttyS0 tsc=reliable clocksource=tsc no_timer_check",
	},
	// Pointers are signed by a hash of QEMU's own: by the architecture's, which Debian's
	// kernels use at each call, everything takes several times as long.
	"arm64": {
		emulator: "qemu-system-aarch64", packages: "qemu-system-arm",
		machine: []string{"-machine", "virt", "-cpu", "max,pauth-impdef=on"}, kernel: "console=ttyAMA0",
	},
}

// DefaultArch is the architecture of a machine whose kernel names none.
const DefaultArch = "amd64"

func platformOf(arch string) (platform, error) {
	p, ok := platforms[cmp.Or(arch, DefaultArch)]
	if !ok {
		return p, fmt.Errorf("machine: architecture %q: use one of %s", arch, strings.Join(Archs(), ", "))
	}
	return p, nil
}

// Archs returns the architectures that can be emulated, by Go's names.
func Archs() []string { return slices.Sorted(maps.Keys(platforms)) }

// Check returns ErrNoEmulator if no machine of that architecture can be run here.
func Check(arch string) error {
	p, err := platformOf(arch)
	if err != nil {
		return err
	}
	if _, err := exec.LookPath(p.emulator); err != nil {
		return fmt.Errorf("machine: %w %s: install Debian's %s", ErrNoEmulator, p.emulator, p.packages)
	}
	return nil
}
