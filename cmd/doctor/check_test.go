package doctor

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

var (
	old510 = func(f *Facts) {
		f.Kernel = is(kernelOf("5.10.0-33-cloud-amd64", "debian", "11"))
		f.TAIHelper, f.TCX = absent, failed[TCX](errors.ErrUnsupported)
		f.Trial = fallback(loader.Clsact, timing(stamp.DriverStart, stamp.TCXIngress), map[stamp.Point]error{
			stamp.Receive: &loader.UnsupportedError{Feature: "the eBPF helper bpf_ktime_get_tai_ns", Since: "6.1"}})
	}
	old61 = func(f *Facts) {
		f.Kernel, f.TCX = is(kernelOf("6.1.0-28-amd64", "debian", "12")), failed[TCX](errors.ErrUnsupported)
		f.Trial = fallback(loader.Clsact, stamp.Timings[0], nil)
	}
	device = func(change func(*Device)) func(*Facts) {
		return func(f *Facts) {
			d := f.Device.value
			change(&d)
			f.Device = is(d)
		}
	}
	filters = func(all ...Filter) func(*Facts) { return func(f *Facts) { f.Filters = is(all) } }
	both    = func(changes ...func(*Facts)) func(*Facts) {
		return func(f *Facts) {
			for _, change := range changes {
				change(f)
			}
		}
	}
	nobody = func(f *Facts) { f.without(wanted...) }
)

func missing(name string) error { return &fs.PathError{Op: "open", Path: name, Err: unix.ENOENT} }

// Each line of the table is a host that differs from a healthy one in one thing,
// and says what a check makes of it: the words are looked for in found, cost, mend
// and note together.
var outcomes = []struct {
	name   string
	change func(*Facts)
	check  string
	status Status
	words  []string
}{
	{"new", func(*Facts) {}, "kernel", OK, []string{"Linux 6.12.9, x86_64"}},
	{"Debian 11", old510, "kernel", Degraded, []string{"receive", "apt install linux-image-6.1-"}},
	{"Debian 12", old61, "kernel", Degraded, []string{"no tcx", "apt install linux-image-6.12-", "then boot it"}},
	{"backported", func(f *Facts) { f.Kernel = is(kernelOf("5.14.0-503.el9", "rhel", "9.5")) }, "kernel", OK, nil},
	{"no package", both(old61, func(f *Facts) { f.Kernel = is(kernelOf("5.15.0-1", "ubuntu", "20.04")) }), "kernel", Degraded, []string{"no package"}},
	{"Ubuntu", both(old61, func(f *Facts) { f.Kernel = is(kernelOf("5.15.0-1", "ubuntu", "22.04")) }), "kernel", Degraded, []string{"linux-generic-hwe-22.04"}},
	{"strange", both(old61, func(f *Facts) { f.Kernel = is(kernelOf("6.1.1", "nixos", "25.05")) }), "kernel", Degraded, []string{"install Linux 6.6 or later"}},
	{"container", both(old61, func(f *Facts) { f.Kernel.value.Container = true }), "kernel", Degraded, []string{"on the host"}},
	{"ancient", both(nobody, func(f *Facts) { f.Kernel = is(kernelOf("4.19.0", "debian", "10")) }), "kernel", Missing, []string{"5.8"}},
	{"no name", func(f *Facts) { f.Kernel = failed[Kernel](unix.EFAULT) }, "kernel", Unknown, []string{"not seen"}},

	{"root", func(*Facts) {}, "capabilities", OK, []string{"CAP_BPF, CAP_NET_ADMIN, CAP_NET_RAW, CAP_PERFMON"}},
	{"nobody", nobody, "capabilities", Missing, []string{"none of CAP_BPF", "no kernel timing", "no raw sockets",
		"sudo setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep /usr/bin/ebpftrace", "run it with sudo"}},
	{"no perfmon", func(f *Facts) { f.without(cap.PERFMON) }, "capabilities", Degraded, []string{"; not CAP_PERFMON", "no driver stamp", "sudo setcap"}},
	{"no raw", func(f *Facts) { f.without(cap.NET_RAW) }, "capabilities", Missing, []string{"; not CAP_NET_RAW", "no TCP"}},
	{"barred", func(f *Facts) { f.without(cap.BPF); f.Capabilities.value.Barred = []cap.Value{cap.BPF} }, "capabilities", Missing, []string{"bounding set lacks CAP_BPF", "--cap-add BPF"}},
	{"no new privileges", both(nobody, func(f *Facts) { f.Process.value.NoNewPrivs = true }), "capabilities", Missing, []string{"no_new_privs"}},
	{"nosuid", both(nobody, func(f *Facts) { f.Process.value.NoSUID = true }), "capabilities", Missing, []string{"sudo /usr/bin/ebpftrace", "nosuid"}},
	{"odd path", both(nobody, func(f *Facts) { f.Process.value.Executable = "/a b/it's" }), "capabilities", Missing, []string{`+ep '/a b/it'\''s'`}},
	{"user namespace", func(f *Facts) { f.Process.value.UserNamespace = true }, "capabilities", Missing, []string{"in a user namespace", "no kernel timing"}},

	{"tried", func(*Facts) {}, "programs", OK, []string{"(tried)"}},
	{"nobody", nobody, "programs", Unknown, []string{"needs CAP_BPF, CAP_NET_ADMIN"}},
	{"seccomp", func(f *Facts) { f.Programs = refused }, "programs", Missing, []string{"refused by bpf(2)", "seccomp"}},
	{"no /proc", func(f *Facts) { f.Process.value.NoProc, f.Programs = true, failed[none](fs.ErrNotExist) }, "programs", Missing, []string{"/proc is not mounted", "mount -t proc proc /proc"}},
	{"not built", func(f *Facts) { f.Programs = absent }, "programs", Missing, []string{"no tc programs"}},
	{"slow", func(f *Facts) { f.Programs = failed[none](errSlow) }, "programs", OK, []string{"by the kernel's version", "in time"}},

	{"new", func(*Facts) {}, "locked_memory", OK, []string{"5.11"}},
	{"raised", old510, "locked_memory", OK, []string{"64 KiB, and is raised"}},
	{"low", both(old510, func(f *Facts) { f.Memlock.value.Raisable = false }), "locked_memory", Missing, []string{"64 KiB", "prlimit --memlock=unlimited --pid $$"}},
	{"enough", both(old510, func(f *Facts) { f.Memlock = is(Memlock{Soft: 8 << 20}) }), "locked_memory", OK, []string{"8192 KiB"}},
	{"unlimited", both(old510, func(f *Facts) { f.Memlock = is(Memlock{Soft: 1<<64 - 1}) }), "locked_memory", OK, []string{"unlimited"}},

	{"new", func(*Facts) {}, "unprivileged_bpf", OK, []string{"is 2"}},
	{"old", old510, "unprivileged_bpf", OK, []string{"is 2", "CAP_BPF, which is kept"}},
	{"unseen", func(f *Facts) { f.Unprivileged = failed[string](missing("proc/x")) }, "unprivileged_bpf", Unknown, []string{"there is no /proc/x"}},

	{"compiled", func(*Facts) {}, "jit", OK, []string{"compiled (tried)"}},
	{"interpreted", func(f *Facts) { f.JIT = is(JIT{Setting: "0"}) }, "jit", Degraded, []string{"interpreted", "sysctl -w net.core.bpf_jit_enable=1"}},
	{"interpreted in a namespace", func(f *Facts) { f.JIT = is(JIT{}) }, "jit", Degraded, []string{"interpreted", "own network namespace"}},
	{"setting alone", func(f *Facts) { f.JIT = is(JIT{Tried: unix.EPERM, Setting: "1"}) }, "jit", OK, []string{"bpf_jit_enable is 1"}},
	{"set to off", func(f *Facts) { f.JIT = is(JIT{Tried: unix.EPERM, Setting: "0"}) }, "jit", Degraded, []string{"sysctl"}},
	{"nobody", both(nobody, func(f *Facts) { f.JIT = failed[JIT](unix.EACCES) }), "jit", Unknown, []string{"needs CAP_BPF"}},

	{"tried", func(*Facts) {}, "ring_buffer", OK, []string{"(tried)"}},
	{"nobody", nobody, "ring_buffer", OK, []string{"by the kernel's version", "needs CAP_BPF"}},
	{"old", func(f *Facts) { f.RingBuffer = absent }, "ring_buffer", Missing, []string{"5.8 on", "no kernel timing"}},
	{"old, by its version", both(nobody, func(f *Facts) { f.Kernel = is(kernelOf("5.4.0", "", "")) }), "ring_buffer", Missing, []string{"5.8 on", "by the kernel's version"}},

	{"tcx", func(*Facts) {}, "attachment", OK, []string{"tcx (tried"}},
	{"clsact", old61, "attachment", Degraded, []string{"clsact (tried", "guard"}},
	{"setcap", func(f *Facts) { f.without() }, "attachment", OK, []string{"tcx (the kernel knows of it", "CAP_SYS_ADMIN"}},
	{"nobody", nobody, "attachment", OK, []string{"tcx (by the kernel's version"}},
	{"nobody, old", both(old61, nobody), "attachment", Degraded, []string{"clsact (not tried"}},
	{"in the way", both(old61, device(func(d *Device) { d.Qdisc = "ingress" })), "attachment", Missing, []string{`"ingress" in its place`, "tc qdisc del dev eth0 ingress", "ask"}},
	{"beside tcx", device(func(d *Device) { d.Qdisc = "ingress" }), "attachment", OK, []string{"tcx"}},
	{"slow", func(f *Facts) { f.Trial = failed[Trial](errSlow) }, "attachment", OK, []string{"tcx (the kernel knows of it", "in time"}},
	{"refused", func(f *Facts) { f.Trial = failed[Trial](unix.EPERM) }, "attachment", Missing, []string{"refused by bpf(2)"}},
	{"no /proc", func(f *Facts) { f.Process.value.NoProc, f.Trial = true, failed[Trial](fs.ErrNotExist) }, "attachment", Missing, []string{"/proc is not mounted"}},
	{"neither", func(f *Facts) { f.Trial = failed[Trial](&loader.UnsupportedError{Feature: "clsact", Since: "4.5"}) }, "attachment", Missing, []string{"4.5"}},

	{"there", func(*Facts) {}, "btf", OK, nil},
	{"not built", func(f *Facts) { f.BTF = failed[BTF](errors.ErrUnsupported) }, "btf", Missing, []string{"CONFIG_DEBUG_INFO_BTF", "no driver stamp"}},
	{"no sysfs", func(f *Facts) { f.BTF = Fact[BTF]{BTF{NoSysfs: true}, errors.ErrUnsupported, true} }, "btf", Missing, []string{"mount -t sysfs -o ro sysfs /sys"}},
	{"broken", func(f *Facts) { f.BTF = failed[BTF](errors.New("bad magic")) }, "btf", Unknown, []string{"bad magic"}},

	{"none", func(*Facts) {}, "lockdown", OK, []string{"none"}},
	{"integrity", func(f *Facts) { f.Lockdown = is("none [integrity] confidentiality") }, "lockdown", OK, []string{"integrity"}},
	{"confidentiality", func(f *Facts) { f.Lockdown = is("none integrity [confidentiality]") }, "lockdown", Degraded, []string{"no driver stamp", "boot without"}},
	{"by its effect", func(f *Facts) { f.Lockdown, f.KernelReads = failed[string](fs.ErrNotExist), absent }, "lockdown", Degraded, []string{"no driver stamp"}},
	{"unseen but tried", func(f *Facts) { f.Lockdown = failed[string](fs.ErrNotExist) }, "lockdown", OK, []string{"(tried)"}},
	{"unseen", both(nobody, func(f *Facts) { f.Lockdown = failed[string](missing("sys/kernel/security/lockdown")) }), "lockdown", Unknown, []string{"there is no /sys/kernel/security/lockdown"}},
	{"forbidden", both(nobody, func(f *Facts) { f.Lockdown = failed[string](unix.EACCES) }), "lockdown", Unknown, []string{"needs root"}},

	{"tried", func(*Facts) {}, "tracepoint", OK, []string{"net_dev_start_xmit (tried)"}},
	{"no perfmon", func(f *Facts) { f.without(cap.PERFMON) }, "tracepoint", OK, []string{"needs CAP_PERFMON"}},
	{"setcap", func(f *Facts) { f.without() }, "tracepoint", OK, []string{"by the kernel's types"}},
	{"no BTF", func(f *Facts) { f.without(); f.BTF = failed[BTF](errors.ErrUnsupported) }, "tracepoint", Missing, []string{"not known without BTF"}},
	{"no type", func(f *Facts) { f.without(); f.BTF = is(BTF{}) }, "tracepoint", Missing, []string{"5.5", "no driver stamp"}},
	{"lockdown", func(f *Facts) { f.without(); f.KernelReads = absent }, "tracepoint", Missing, []string{"none of its memory"}},
	{"trial failed", func(f *Facts) {
		f.Trial = fallback(loader.TCX, timing(stamp.TCXEgress, stamp.Receive), map[stamp.Point]error{stamp.DriverStart: errors.New("no such type")})
	}, "tracepoint", Missing, []string{"no such type"}},
	{"trial under lockdown", func(f *Facts) {
		f.KernelReads = absent
		f.Trial = fallback(loader.TCX, timing(stamp.TCXEgress, stamp.Receive), map[stamp.Point]error{stamp.DriverStart: errors.New("verifier")})
	}, "tracepoint", Missing, []string{"none of its memory"}},
	{"trial without perfmon", func(f *Facts) {
		f.Trial = fallback(loader.TCX, timing(stamp.TCXEgress, stamp.Receive), map[stamp.Point]error{
			stamp.DriverStart: &loader.CapabilityError{Missing: []cap.Value{cap.PERFMON}}})
	}, "tracepoint", Missing, []string{"needs CAP_PERFMON"}},

	{"told", func(*Facts) {}, "tai_clock", OK, []string{"UTC + 37s", "(tried)"}},
	{"not told", func(f *Facts) { f.TAI = is(TAI{}) }, "tai_clock", OK, []string{"does no harm"}},
	{"old", old510, "tai_clock", Missing, []string{"6.1 on", "no receive stamps"}},

	{"tried", func(*Facts) {}, "receive_stamps", OK, []string{"taken"}},
	{"setcap", func(f *Facts) { f.without() }, "receive_stamps", OK, []string{"taken"}},
	{"old", old510, "receive_stamps", Missing, []string{"6.1", "receive path"}},
	{"unstamped", func(f *Facts) { f.without(); f.Receive = failed[none](errUnstamped) }, "receive_stamps", Missing, []string{"without a stamp"}},
	{"loopback down", func(f *Facts) { f.without(); f.Receive = failed[none](errLoopback) }, "receive_stamps", Unknown, []string{"sudo ip link set dev lo up"}},
	{"nobody, old", both(nobody, func(f *Facts) { f.Kernel = is(kernelOf("5.10.1", "", "")) }), "receive_stamps", Missing, []string{"by the kernel's version"}},

	{"tsc", func(*Facts) {}, "clocksource", OK, []string{"tsc, 30 ns a reading"}},
	{"hpet", func(f *Facts) { f.Clocksource = is(Clocksource{"hpet", []string{"tsc", "hpet"}, 1500}) }, "clocksource", Degraded, []string{
		"hpet, 1.5 µs", "70 ns", "echo tsc | tee /sys/devices/system/clocksource/clocksource0/current_clocksource"}},
	{"hpet, as a user", both(nobody, func(f *Facts) { f.Clocksource = is(Clocksource{"hpet", []string{"tsc"}, 1500}) }), "clocksource", Degraded, []string{"echo tsc | sudo tee"}},
	{"no tsc", func(f *Facts) { f.Clocksource = is(Clocksource{"acpi_pm", []string{"acpi_pm"}, time.Microsecond}) }, "clocksource", Degraded, []string{"279 ns", "dmesg"}},
	{"slow", func(f *Facts) { f.Clocksource = is(Clocksource{"strange", nil, time.Microsecond}) }, "clocksource", Degraded, []string{"later by what a reading takes"}},

	{"allowed", func(*Facts) {}, "raw_sockets", OK, nil},
	{"refused", func(f *Facts) { f.Raw = failed[none](socket.ErrPermission) }, "raw_sockets", Missing, []string{"CAP_NET_RAW", "no kernel timing"}},
	{"slow", func(f *Facts) { f.Raw = failed[none](errSlow) }, "raw_sockets", Unknown, []string{"in time"}},

	{"allowed", func(*Facts) {}, "ping_sockets", OK, []string{"0 2147483647"}},
	{"not needed", func(f *Facts) { f.Ping, f.PingRange = failed[none](unix.EACCES), is("1 0") }, "ping_sockets", OK, []string{"but raw ones are allowed"}},
	{"refused", both(nobody, func(f *Facts) { f.Ping, f.PingRange = failed[none](unix.EACCES), is("1 0") }), "ping_sockets", Missing, []string{
		"is 1 0", `sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"`}},

	{"up", func(*Facts) {}, "interface", OK, []string{"eth0 by the default route"}},
	{"down", device(func(d *Device) { d.Up, d.Name = false, "wan'0" }), "interface", Missing, []string{"down", `ip link set dev 'wan'\''0' up`}},
	{"none", func(f *Facts) { f.Device = failed[Device](errNoDefault) }, "interface", Unknown, []string{"no default route", "-i"}},
	{"no route", func(f *Facts) { f.Device = failed[Device](errors.New("no route to 192.0.2.1")) }, "interface", Missing, []string{"no route to 192.0.2.1", "no trace"}},

	{"stamps", func(*Facts) {}, "socket_stamps", OK, []string{"driver of eth0 stamps"}},
	{"none", device(func(d *Device) { d.Stamps = false }), "socket_stamps", Degraded, []string{"stamps nothing", "without kernel timing"}},

	{"none", func(*Facts) {}, "other_programs", OK, []string{"none on eth0"}},
	{"XDP", device(func(d *Device) { d.XDP = &Program{7, "filter"} }), "other_programs", Degraded, []string{"XDP: filter #7", "before ours"}},
	{"tcx ingress", func(f *Facts) { f.TCX = is(TCX{Ingress: []Program{{8, "cil_from"}, {9, ""}}}) }, "other_programs", OK, []string{"tcx ingress: cil_from #8, #9"}},
	{"tcx egress", func(f *Facts) { f.TCX = is(TCX{Egress: []Program{{8, "cil_to"}}}) }, "other_programs", Degraded, []string{"tcx egress: cil_to #8", "rewrite"}},
	{"ourselves", func(f *Facts) { f.TCX = is(TCX{Egress: []Program{{8, "stamp_probe"}}}) }, "other_programs", OK, []string{"stamp_probe #8"}},
	{"nobody", nobody, "other_programs", Unknown, []string{"tcx: not tried: needs CAP_NET_ADMIN"}},
	{"nobody, but a filter", both(nobody, filters(Filter{Hook: "egress", Kind: "bpf", Name: "x", Preference: 1})), "other_programs", Degraded, []string{"bpf x pref 1", "needs CAP_NET_ADMIN"}},
	{"filters behind tcx", filters(Filter{Hook: "ingress", Kind: "u32", Preference: 1}), "other_programs", OK, []string{"ingress filters: u32 pref 1"}},
	{"bpf filter behind ours", both(old61, filters(Filter{Hook: "ingress", Kind: "bpf", Name: "x", Preference: 1, Protocol: unix.ETH_P_ALL})), "other_programs", OK, []string{"bpf x pref 1"}},
	{"filter before ours", both(old61, filters(Filter{Hook: "ingress", Kind: "u32", Preference: 1, Protocol: unix.ETH_P_IP})), "other_programs", Degraded, []string{"u32 pref 1 comes before ours"}},
	{"bpf filter of another protocol", both(old61, filters(Filter{Hook: "ingress", Kind: "bpf", Preference: 1, Protocol: unix.ETH_P_IP})), "other_programs", Degraded, []string{"before ours"}},
	{"own filter", both(old61, filters(Filter{Hook: "egress", Kind: "bpf", Name: "ebpftrace:abc", Preference: 1})), "other_programs", OK, []string{"none on eth0"}},

	{"none", func(*Facts) {}, "leftovers", OK, []string{"none on any interface"}},
	{"all of it", left(dead, mark), "leftovers", Degraded, []string{"on eth1: ebpftrace:dead, ebpftrace:qdisc", "tc qdisc del dev eth1 clsact"}},
	{"beside a stranger", left(dead, mark, Filter{Hook: "egress", Kind: "bpf"}), "leftovers", Degraded, []string{
		"tc filter del dev eth1 ingress protocol all chain 0 pref 1 handle 0x2a bpf && tc filter del dev eth1 ingress protocol all chain 3775 pref 1 handle 0x1 bpf"}},
	{"beside a live run", both(left(dead, mark), func(f *Facts) { f.Leftovers.value[0].Names = []string{dead.Name} }), "leftovers", Degraded, []string{
		"tc filter del dev eth1 ingress protocol all chain 0 pref 1 handle 0x2a bpf"}},
	{"unseen", func(f *Facts) { f.Leftovers = failed[[]Leftover](unix.EPERM) }, "leftovers", Unknown, []string{"not seen"}},
}

var (
	dead = Filter{Hook: "ingress", Kind: "bpf", Name: "ebpftrace:dead", Preference: 1, Handle: 42}
	mark = Filter{Hook: "ingress", Kind: "bpf", Name: "ebpftrace:qdisc", Preference: 1, Handle: 1, Chain: 3775}
)

// left is what a killed run left on eth1, and filters of others.
func left(all ...Filter) func(*Facts) {
	l := Leftover{Device: "eth1", Filters: all}
	for _, x := range all {
		if x.own() {
			l.Names = append(l.Names, x.Name)
		}
	}
	return func(f *Facts) { f.Leftovers = is([]Leftover{l}) }
}

func TestOutcomes(t *testing.T) {
	seen := map[string]map[Status]bool{"timing": {OK: true}} // see TestRungs
	for _, tt := range outcomes {
		f := healthy()
		tt.change(f)
		i := slices.IndexFunc(Checks, func(c Check) bool { return c.Name == tt.check })
		if i < 0 {
			t.Fatalf("no check %q", tt.check)
		}
		got := Checks[i].Judge(f)
		all := strings.Join([]string{got.Found, got.Cost, got.Mend, got.Note}, "\n")
		if got.Status != tt.status || got.Found == "" {
			t.Errorf("%s, %s: %s, want %s: %+v", tt.check, tt.name, got.Status, tt.status, got)
		}
		for _, w := range tt.words {
			if !strings.Contains(all, w) {
				t.Errorf("%s, %s: no %q in %+v", tt.check, tt.name, w, got)
			}
		}
		if got.Status == OK && got.Mend != "" || got.Status == Missing && got.Cost == "" {
			t.Errorf("%s, %s: something to mend where nothing is lacking, or no cost where it is missing: %+v", tt.check, tt.name, got)
		}
		if seen[tt.check] == nil {
			seen[tt.check] = map[Status]bool{}
		}
		seen[tt.check][got.Status] = true
	}
	for _, c := range Checks {
		if !seen[c.Name][OK] {
			t.Errorf("%s: no line of the table has it ok", c.Name)
		}
	}
}

// A host that nobody has looked at is no reason to fail, nor to promise anything.
func TestNothingKnown(t *testing.T) {
	r := judge(&Facts{})
	for _, c := range r.Results {
		if c.Status == OK && c.Name != "locked_memory" && !strings.Contains(c.Found, "version") {
			t.Errorf("%+v, though nothing is known", c)
		}
	}
	if r.Status() != Missing {
		t.Errorf("%+v, want none", r.Rung)
	}
}
