package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// portPatience is how long the host's device may take to tell its ports.
const portPatience = 10 * time.Second

// openPorts opens the virtio ports of those names.
func openPorts(names ...string) (ports []*os.File, err error) {
	for _, name := range names {
		port, err := waitForPort(name)
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}

func waitForPort(name string) (*os.File, error) {
	for deadline := time.Now().Add(portPatience); ; time.Sleep(10 * time.Millisecond) {
		if device := findPort(name); device != "" {
			return openPort(device)
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("virtio port %s did not appear", name)
		}
	}
}

// findPort returns the device of the port, or "".
func findPort(name string) string {
	files, _ := filepath.Glob("/sys/class/virtio-ports/*/name")
	for _, file := range files {
		if b, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(b)) == name {
			return filepath.Join("/dev", filepath.Base(filepath.Dir(file)))
		}
	}
	return ""
}

// openPort opens it for blocking writes, as commands expect of their output.
func openPort(device string) (*os.File, error) {
	fd, err := unix.Open(device, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: device, Err: err}
	}
	return os.NewFile(uintptr(fd), device), nil
}
