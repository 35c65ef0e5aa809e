package guest

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Main does what [PlanFile] says and does not return. The kernel panics if its
// first process ends, so what fails is told and the machine goes off all the
// same.
func Main() {
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "this is the first process of a booted kernel, and nothing else")
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Println("init:", err) // to the kernel's console
	}
	unix.Sync()
	unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
	select {} // it was refused: the host's patience ends this
}

func run() error {
	p, err := readPlan()
	if err != nil {
		return err
	}
	if err := prepare(p.Modules); err != nil {
		return err
	}
	ports, err := openPorts(PortReport, PortStdout, PortStderr)
	if err != nil {
		return err
	}
	report := describe()
	if err := send(ports[0], report); err != nil {
		return err
	}
	out := output{stdout: ports[1], stderr: ports[2], release: report.Release}
	for _, c := range p.Commands {
		if report.run(out, c); report.Failure != "" {
			return send(ports[0], report)
		}
		if err := send(ports[0], report); err != nil {
			return err
		}
	}
	return nil
}

// run runs a command and adds what came of it.
func (r *Report) run(out output, c Command) {
	status, err := out.execute(c)
	if err != nil {
		r.Failure = err.Error()
		return
	}
	r.Statuses = append(r.Statuses, status)
}

func readPlan() (p Plan, err error) {
	b, err := os.ReadFile(PlanFile)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(b, &p)
}

func describe() Report {
	var name unix.Utsname
	unix.Uname(&name) // fails for bad addresses only
	_, err := os.Stat("/sys/kernel/btf/vmlinux")
	return Report{Release: unix.ByteSliceToString(name.Release[:]), BTF: err == nil}
}

func send(w io.Writer, r Report) error { return json.NewEncoder(w).Encode(r) }
