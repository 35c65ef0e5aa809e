package machine_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
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
	}
	if err := look(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	fmt.Print(strings.Repeat("out\n", lines), "end")
	return 7
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
	modules, err := os.ReadFile("/proc/modules")
	errs = append(errs, err)
	for _, name := range []string{"veth", "garp", "8021q", "sch_netem", "sch_tbf"} {
		if !strings.Contains("\n"+string(modules), "\n"+name+" ") {
			errs = append(errs, fmt.Errorf("module %s is not loaded", name))
		}
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil || lo.Attrs().Flags&1 == 0 {
		errs = append(errs, fmt.Errorf("the loopback is not up: %v", err))
	}
	return errors.Join(errs...)
}
