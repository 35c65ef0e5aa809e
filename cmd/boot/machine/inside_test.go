package machine_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
)

const lines = 100_000

// inside is what runs in the machine: it returns the exit status.
func inside(what string) int {
	switch what {
	case "panic":
		os.WriteFile("/proc/sysrq-trigger", []byte("c"), 0)
	case "sleep":
		time.Sleep(time.Hour)
	case "alone":
		return alone()
	}
	leave()
	if err := look(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	fmt.Print(strings.Repeat("out\n", lines), "end")
	return 7
}

// leave leaves a process behind, in a session of its own.
func leave() {
	cmd := exec.Command("/proc/self/exe", "sleep")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// alone tells which other processes of this program there are. The exit status
// is 3.
func alone() int {
	all, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range all {
		if exe, err := os.Readlink(link); err == nil && exe == "/self" && link != fmt.Sprintf("/proc/%d/exe", os.Getpid()) {
			fmt.Fprintln(os.Stderr, link, "is left")
		}
	}
	fmt.Println("out")
	fmt.Fprintln(os.Stderr, "err")
	return 3
}

// look returns what misses of a host.
func look() error {
	var errs []error
	if dir, err := os.Getwd(); err != nil || dir != "/some/where" {
		errs = append(errs, fmt.Errorf("in directory %s, %v", dir, err))
	}
	for _, path := range []string{
		"/proc/self/exe", "/sys/fs/bpf", "/sys/fs/cgroup/cgroup.procs", "/sys/kernel/tracing/events",
		"/dev/null", "/dev/net/tun", "/dev/ptmx", "/dev/fd/0", "/etc/hosts", "/tmp",
	} {
		_, err := os.Stat(path)
		errs = append(errs, err)
	}
	return errors.Join(append(errs, lookForModules(), lookForNames(), lookForDevices())...)
}

func lookForModules() error {
	var errs []error
	modules, err := os.ReadFile("/proc/modules")
	errs = append(errs, err)
	for _, name := range []string{"veth", "garp", "8021q", "bonding", "vrf", "sch_netem", "nft_chain_nat", "macvtap"} {
		if !strings.Contains("\n"+string(modules), "\n"+name+" ") {
			errs = append(errs, fmt.Errorf("module %s is not loaded", name))
		}
	}
	return errors.Join(errs...)
}

// lookForNames looks for what names come from, and for the CPU controller.
func lookForNames() error {
	var errs []error
	for file, want := range map[string]string{
		"/etc/hosts": "127.0.0.1 localhost", "/etc/passwd": "nobody:x:65534:65534:", "/etc/protocols": "udp 17",
		"/etc/nsswitch.conf": "hosts: files", "/etc/resolv.conf": "", "/proc/sys/kernel/hostname": "guest\n",
		"/sys/fs/cgroup/cgroup.subtree_control": "cpu",
	} {
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), want) {
			errs = append(errs, fmt.Errorf("%s: %q, %v, want it to have %q", file, text, err, want))
		}
	}
	return errors.Join(errs...)
}

// lookForDevices wants the loopback alone, and up.
func lookForDevices() error {
	all, err := netlink.LinkList()
	if err != nil || len(all) != 1 || all[0].Attrs().Flags&net.FlagUp == 0 {
		return fmt.Errorf("devices %v, %v, want the loopback alone, and up", all, err)
	}
	return nil
}
