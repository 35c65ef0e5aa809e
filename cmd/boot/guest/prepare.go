package guest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// hostname is the guest's.
const hostname = "guest"

// Busybox is where the guest finds busybox(1), if there, to make a shell and its
// tools of.
const Busybox = "/bin/busybox"

// prepare makes of the bare kernel what programs expect of a host.
func prepare(modules []Module) error {
	if err := mountAll(); err != nil {
		return err
	}
	for _, m := range modules {
		if err := m.load(); err != nil {
			return fmt.Errorf("load %s: %w", m.File, err)
		}
	}
	if err := unix.Sethostname([]byte(hostname)); err != nil {
		return os.NewSyscallError("sethostname", err)
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("interface lo up: %w", err)
	}
	return installBusybox()
}

func (m Module) load() error {
	f, err := os.Open(m.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.FinitModule(int(f.Fd()), m.Parameters, 0); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func loopbackUp() error {
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(lo)
}

// installBusybox makes its links, where there are no files of those names.
func installBusybox() error {
	if _, err := os.Stat(Busybox); err != nil {
		return nil
	}
	if out, err := exec.Command(Busybox, "--install", "-s", "/bin").CombinedOutput(); err != nil {
		return fmt.Errorf("install busybox: %w: %s", err, out)
	}
	return nil
}
