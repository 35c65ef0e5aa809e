package doctor

import (
	"io/fs"
	"strings"
)

func lookUnprivileged(h host) (string, error) {
	return line(h.root, "proc/sys/kernel/unprivileged_bpf_disabled")
}

func lookLockdown(h host) (string, error) { return line(h.root, "sys/kernel/security/lockdown") }

func line(root fs.FS, name string) (string, error) {
	text, err := fs.ReadFile(root, name)
	return strings.TrimSpace(string(text)), err
}

// judgeUnprivileged tells of a setting that takes nothing from a trace: tc
// programs always needed capabilities.
func judgeUnprivileged(f *Facts) Result {
	v, err := f.Unprivileged.Get()
	if err != nil {
		return unseen(err)
	}
	r := Result{Status: OK, Found: "kernel.unprivileged_bpf_disabled is " + v}
	if v != "0" && !f.since(5, 19) {
		r.Cost = "before Linux 5.19, counters are then read with CAP_BPF, which is kept to the end"
	}
	return r
}

func judgeLockdown(f *Facts) Result {
	reads, how, _ := f.verdict(f.kernelReads())
	tried := how == "tried" && f.since(5, 5)
	modes, err := f.Lockdown.Get()
	mode := inBrackets(modes)
	switch {
	case mode == "confidentiality" || tried && !reads:
		return Result{Status: Degraded, Found: "programs may not read the kernel's memory (lockdown: " + mode + ")",
			Cost: "no driver stamp: " + driverCost, Note: "boot without lockdown=confidentiality"}
	case err == nil:
		return Result{Status: OK, Found: mode}
	case tried:
		return Result{Status: OK, Found: "none that keeps programs from reading the kernel's memory (tried)"}
	}
	return unseen(err)
}

// inBrackets returns the chosen one of "none [integrity] confidentiality".
func inBrackets(modes string) string {
	_, rest, _ := strings.Cut(modes, "[")
	mode, _, _ := strings.Cut(rest, "]")
	return mode
}
