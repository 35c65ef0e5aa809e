package debian

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kernel is an unpacked kernel package.
type Kernel struct {
	// Arch is its architecture, as Debian and Go name it.
	Arch string
	// Release is what uname -r says when it runs.
	Release string
	// Image is the file to boot.
	Image string
	// Modules is the directory that is /lib/modules/Release where the package
	// is installed.
	Modules string
}

var series = regexp.MustCompile(`^\d+\.\d+$`)

// Kernel returns the newest of Debian's kernels for virtual machines of a
// series, such as 6.1.
func (c Cache) Kernel(ctx context.Context, version string) (Kernel, error) {
	if !series.MatchString(version) {
		return Kernel{}, fmt.Errorf("debian: kernel %q: want a series, such as 6.1", version)
	}
	const prefix = "linux-image-"
	pattern := regexp.MustCompile(`^` + prefix + regexp.QuoteMeta(version) + `\.[^ ]*-cloud-` + regexp.QuoteMeta(c.arch()) + `$`)
	dir, err := c.newest(ctx, pattern)
	if err != nil {
		return Kernel{}, fmt.Errorf("debian: kernel %s: %w", version, err)
	}
	release := strings.TrimPrefix(filepath.Base(dir), prefix)
	return Kernel{
		Arch:    c.arch(),
		Release: release,
		Image:   filepath.Join(dir, "boot", "vmlinuz-"+release),
		Modules: filepath.Join(dir, "lib/modules", release),
	}, nil
}

// Busybox returns the file of a statically linked busybox(1).
func (c Cache) Busybox(ctx context.Context) (string, error) {
	dir, err := c.newest(ctx, regexp.MustCompile(`^busybox-static$`))
	if err != nil {
		return "", fmt.Errorf("debian: %w", err)
	}
	return filepath.Join(dir, "bin/busybox"), nil
}

var number = regexp.MustCompile(`\d+`)

// byNumbers compares names by the numbers in them, the first that differs.
func byNumbers(a, b string) int {
	return cmp.Or(slices.Compare(numbersOf(a), numbersOf(b)), strings.Compare(a, b))
}

func numbersOf(name string) (numbers []uint64) {
	for _, digits := range number.FindAllString(name, -1) {
		n, _ := strconv.ParseUint(digits, 10, 64) // a saturated one compares well enough
		numbers = append(numbers, n)
	}
	return numbers
}
