package doctor

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/loader"
)

// Kernel is what runs on this host.
type Kernel struct {
	Release      string // 6.1.0-28-cloud-amd64
	Machine      string // x86_64
	Major, Minor int
	// Distribution is ID, VersionID that of os-release(5); empty: not known.
	Distribution, VersionID string
	// Container says that this process is in one, where no kernel is installed.
	Container bool
}

func lookKernel(h host) (Kernel, error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return Kernel{}, err
	}
	k := Kernel{Release: unix.ByteSliceToString(u.Release[:]), Machine: unix.ByteSliceToString(u.Machine[:])}
	k.Distribution, k.VersionID = osRelease(h.root)
	k.Container = inContainer(h.root)
	return k, k.parse()
}

func (k *Kernel) parse() error {
	if _, err := fmt.Sscanf(k.Release, "%d.%d", &k.Major, &k.Minor); err != nil {
		return fmt.Errorf("the kernel's version %q: want one such as 6.12.1", k.Release)
	}
	return nil
}

// osRelease reads ID and VERSION_ID (os-release(5)).
func osRelease(root fs.FS) (id, version string) {
	file, err := root.Open("etc/os-release")
	if err != nil {
		return "", ""
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), "=")
		value = strings.Trim(value, `"'`)
		switch key {
		case "ID":
			id = value
		case "VERSION_ID":
			version = value
		}
	}
	return id, version
}

// inContainer knows Docker, Podman, Kubernetes and systemd-nspawn.
func inContainer(root fs.FS) bool {
	for _, name := range []string{".dockerenv", "run/.containerenv"} {
		if _, err := fs.Stat(root, name); err == nil {
			return true
		}
	}
	return os.Getenv("container") != "" || os.Getenv("KUBERNETES_SERVICE_HOST") != ""
}

// since reports whether the kernel's version is at least this one; true if the
// version is not known.
func (f *Facts) since(major, minor int) bool {
	k, err := f.Kernel.Get()
	return err != nil || k.Major > major || k.Major == major && k.Minor >= minor
}

func judgeKernel(f *Facts) Result {
	k, err := f.Kernel.Get()
	if err != nil {
		return unseen(err)
	}
	r := Result{Status: OK, Found: fmt.Sprintf("Linux %s, %s", k.Release, k.Machine)}
	if trial, err := f.Trial.Get(); err == nil && trial.Hooks == loader.TCX && trial.complete() {
		return r // whatever its version
	}
	switch {
	case !f.since(5, 8):
		r.Status, r.Cost = Missing, "no kernel timing: Linux 5.8 brought the BPF ring buffer"
	case !f.since(6, 1):
		r.Status, r.Cost = Degraded, "no receive stamps (Linux 6.1): "+receiveCost
	case !f.since(6, 6):
		r.Status, r.Cost = Degraded, "no tcx (Linux 6.6): "+clsactCost
	}
	if r.Status != OK {
		r.Mend, r.Note = f.newerKernel(k)
	}
	return r
}

// newerKernel tells how to come by one.
func (f *Facts) newerKernel(k Kernel) (mend, note string) {
	if k.Container {
		return "", "install Linux 6.6 or later on the host that the container runs on"
	}
	install, ok := installers[k.Distribution]
	if !ok {
		return "", "install Linux 6.6 or later"
	}
	command := install(k)
	if command == "" {
		return "", "install Linux 6.6 or later, for which this release has no package"
	}
	return f.sudo(command), "then boot it"
}

// installers give the command that installs the newest kernel of a distribution's
// release, by the ID of os-release(5).
var installers = map[string]func(Kernel) string{
	"debian": func(k Kernel) string {
		series := map[string]string{"11": "6.1-", "12": "6.12-"}[k.VersionID]
		return "apt install linux-image-" + series + runtime.GOARCH
	},
	"ubuntu": func(k Kernel) string {
		if k.VersionID < "22.04" { // the newest for 20.04 is 5.15
			return ""
		}
		return "apt install linux-generic-hwe-" + k.VersionID
	},
	"fedora":              func(Kernel) string { return "dnf upgrade kernel" },
	"arch":                func(Kernel) string { return "pacman -Syu linux" },
	"opensuse-tumbleweed": func(Kernel) string { return "zypper update kernel-default" },
}
