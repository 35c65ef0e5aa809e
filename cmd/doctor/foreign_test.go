package doctor

import (
	"bufio"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/loader/clsact"
)

// stranger loads a program that lets all packets pass.
func stranger(t *testing.T, kind ebpf.ProgramType, verdict int32) *ebpf.Program {
	t.Helper()
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Name: "stranger", Type: kind, License: "MIT",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, verdict), asm.Return()},
	})
	must(t, err)
	t.Cleanup(func() { p.Close() })
	return p
}

// at does something to the client's interface.
func at(t *testing.T, l *lab.Lab, do func(index int) error) {
	t.Helper()
	onDevice(t, l, "eth0", do)
}

func onDevice(t *testing.T, l *lab.Lab, name string, do func(index int) error) {
	t.Helper()
	must(t, l.Do(lab.Client, func() error {
		device, err := netlink.LinkByName(name)
		if err != nil {
			return err
		}
		return do(device.Attrs().Index)
	}))
}

// Programs of others are named, with what they can do to a trace.
func TestForeignTCX(t *testing.T) {
	l := chain(t)
	p := stranger(t, ebpf.SchedCLS, -1)
	for _, tt := range []struct {
		at     ebpf.AttachType
		status Status
		words  string
	}{{ebpf.AttachTCXIngress, OK, "tcx ingress: stranger #"}, {ebpf.AttachTCXEgress, Degraded, "tcx egress: stranger #"}} {
		var attached link.Link
		at(t, l, func(index int) (err error) {
			attached, err = link.AttachTCX(link.TCXOptions{Interface: index, Program: p, Attach: tt.at})
			if errors.Is(err, ebpf.ErrNotSupported) && !modern(t) {
				err = nil
			}
			return err
		})
		if attached == nil {
			t.Skip("this kernel has no tcx: needs Linux 6.6")
		}
		o := examine(t, l, asRoot, "-")
		o.want(t, "other_programs", tt.status, tt.words)
		o.want(t, "timing", OK)
		must(t, attached.Close())
	}
	examine(t, l, asRoot, "-").want(t, "other_programs", OK, "none on eth0")
}

func TestForeignXDP(t *testing.T) {
	l := chain(t)
	p := stranger(t, ebpf.XDP, 2)
	at(t, l, func(index int) error {
		attached, err := link.AttachXDP(link.XDPOptions{Program: p, Interface: index, Flags: link.XDPGenericMode})
		if err == nil {
			t.Cleanup(func() { attached.Close() })
		}
		return err
	})
	examine(t, l, asRoot, "-").want(t, "other_programs", Degraded, "XDP: stranger #", "XDP comes before ours")
}

// addFilter makes clsact and a filter of a stranger's.
func addFilter(t *testing.T, index int, hook clsact.Hook) error {
	err := netlink.QdiscAdd(&netlink.Clsact{QdiscAttrs: netlink.QdiscAttrs{
		LinkIndex: index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_CLSACT,
	}})
	if err != nil && !errors.Is(err, unix.EEXIST) {
		return err
	}
	return netlink.FilterAdd(&netlink.BpfFilter{
		FilterAttrs: netlink.FilterAttrs{LinkIndex: index, Parent: uint32(hook), Protocol: unix.ETH_P_ALL, Priority: 1, Handle: 1},
		Fd:          stranger(t, ebpf.SchedCLS, -1).FD(), Name: "strange", DirectAction: true,
	})
}

func TestForeignFilter(t *testing.T) {
	l := chain(t)
	at(t, l, func(index int) error { return addFilter(t, index, clsact.Ingress) })
	examine(t, l, asRoot, "-").want(t, "other_programs", OK, "ingress filters: bpf strange pref 1")
	at(t, l, func(index int) error { return addFilter(t, index, clsact.Egress) })
	o := examine(t, l, asRoot, "-")
	o.want(t, "other_programs", Degraded, "egress filters: bpf strange pref 1", "rewrite")
	o.want(t, "leftovers", OK)
	// Any user may see filters.
	o = examine(t, l, user{uid: nobodyID, binary: publicCopy(t)}, "eth0")
	o.want(t, "other_programs", Degraded, "egress filters: bpf strange pref 1")
}

// leave attaches by clsact in a process of its own. It returns what kills that.
func leave(t *testing.T, l *lab.Lab) (kill func()) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{leaveEnv + "=eth0"}
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	must(t, l.Do(lab.Client, cmd.Start))
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("%q, %v: %s", line, err, complaint.String())
	}
	return func() {
		must(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		stdin.Close()
	}
}

// What a killed run left is named, and gone after the command that is named,
// while a stranger's filters and those of a run that is alive stay.
func TestLeftoversAndMended(t *testing.T) {
	for _, tt := range []struct {
		name          string
		foreign, live bool
		mend          string
	}{
		{"alone", false, false, "tc qdisc del dev eth0 clsact"},
		{"beside a stranger's", true, false, "tc filter del dev eth0 ingress protocol all chain"},
		{"beside a live run's", false, true, "tc filter del dev eth0 ingress protocol all chain"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := chain(t)
			tc := needsTC(t)
			kill := leave(t, l)
			if tt.foreign {
				at(t, l, func(index int) error { return addFilter(t, index, clsact.Ingress) })
			}
			if tt.live {
				defer leave(t, l)()
			}
			examine(t, l, asRoot, "-").want(t, "leftovers", OK)
			before := countFilters(t, l)
			kill()
			o := examine(t, l, asRoot, "lo") // they are found wherever they are
			mend := o.want(t, "leftovers", Degraded, "on eth0: ebpftrace:", tt.mend).Mend
			run(t, l, strings.ReplaceAll(mend, "tc ", tc+" "))
			examine(t, l, asRoot, "-").want(t, "leftovers", OK)
			gone := 2 // one for each hook
			if !tt.live {
				gone++ // and the mark
			}
			if got := countFilters(t, l); got != before-gone {
				t.Errorf("%d filters, want %d of %d to go", got, gone, before)
			}
		})
	}
}

// countFilters counts those of all chains.
func countFilters(t *testing.T, l *lab.Lab) (n int) {
	t.Helper()
	at(t, l, func(index int) error {
		for _, hook := range []clsact.Hook{clsact.Ingress, clsact.Egress} {
			device := &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}
			list, err := netlink.FilterList(device, uint32(hook))
			if err != nil {
				return err
			}
			n += len(list)
		}
		return nil
	})
	return n
}
