package doctor

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const nobodyID = 65534

// modern reports whether this kernel has all that is asked for, so that a test
// must find it.
func modern(t *testing.T) bool {
	t.Helper()
	k, err := lookKernel(host{root: os.DirFS("/")})
	must(t, err)
	return (&Facts{Kernel: is(k)}).since(6, 6)
}

// Root lacks nothing on a new kernel, wherever the interface comes from, and
// nothing stays of what was tried.
func TestAsRoot(t *testing.T) {
	l := chain(t)
	target := l.Nodes()[2].V4.String()
	for to, by := range map[string]string{"-": "the default route", target: "the route to " + target, "eth0": "-i", "::1": "the route to ::1"} {
		o := examine(t, l, asRoot, to)
		if o.Interface.By != by || o.Timing.Sockets != "raw" || !o.Timing.Tried {
			t.Errorf("%s: interface %+v, timing %+v", to, o.Interface, o.Timing)
		}
		for _, c := range []string{"capabilities", "programs", "locked_memory", "ring_buffer", "raw_sockets", "interface", "socket_stamps", "other_programs", "leftovers"} {
			o.want(t, c, OK)
		}
		if modern(t) {
			o.want(t, "kernel", OK)
			o.want(t, "attachment", OK, "tcx (tried")
			o.want(t, "timing", OK, "kernel")
		}
	}
	examine(t, l, asRoot, "-").want(t, "other_programs", OK, "none on eth0")
	if n := countFilters(t, l); n > 0 {
		t.Errorf("%d filters stay", n)
	}
}

// An ordinary user is told what is lacking, and the command that is named gives
// it: run by root, it makes the same user's next run have kernel timing.
func TestAsNobodyAndMended(t *testing.T) {
	l := chain(t)
	needsTool(t, "setcap", "libcap2-bin")
	u := user{uid: nobodyID, binary: publicCopy(t)}
	o := examine(t, l, u, "-")
	mend := o.want(t, "capabilities", Missing, "none of CAP_BPF", u.binary).Mend
	o.want(t, "raw_sockets", Missing, "CAP_NET_RAW")
	o.want(t, "other_programs", Unknown, "CAP_NET_ADMIN")
	o.want(t, "btf", OK)
	if o.Timing.Name != "socket" || o.Timing.Sockets != "datagram" || o.Status != Degraded {
		t.Errorf("%s, %+v", o.Status, o.Timing)
	}
	if !strings.HasPrefix(mend, "sudo ") {
		t.Fatalf("mend %q", mend)
	}
	run(t, l, mend)
	o = examine(t, l, u, "-")
	o.want(t, "capabilities", OK)
	if modern(t) && (o.Timing.Name != "kernel" || o.Timing.Tried || o.Status != OK) {
		t.Errorf("mended: %s, %+v", o.Status, o.Timing)
	}
}

func TestWithoutPerfmon(t *testing.T) {
	l := chain(t)
	u := user{uid: nobodyID, capabilities: []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW}, binary: publicCopy(t)}
	o := examine(t, l, u, "eth0")
	o.want(t, "capabilities", Degraded, "; not CAP_PERFMON", "no driver stamp")
	o.want(t, "other_programs", OK)
	if modern(t) {
		o.want(t, "attachment", OK, "CAP_SYS_ADMIN")
		o.want(t, "timing", Degraded, "tcx+receive")
	}
}

// Capabilities of a user namespace let nobody load programs.
func TestInUserNamespace(t *testing.T) {
	l := chain(t)
	if max, err := os.ReadFile("/proc/sys/user/max_user_namespaces"); err != nil || string(max) == "0\n" {
		t.Skip("needs user namespaces: user.max_user_namespaces is 0")
	}
	o := examine(t, l, user{binary: "/proc/self/exe", namespace: true}, "eth0")
	o.want(t, "capabilities", Missing, "in a user namespace")
	o.want(t, "programs", Missing, "refused by bpf(2)")
	if o.Timing.Name != "socket" || o.Timing.Sockets != "datagram" {
		t.Errorf("%+v", o.Timing)
	}
}

// What can be mended in a network namespace is, by the commands as they are told.
func TestMends(t *testing.T) {
	for _, tt := range []struct{ spoil, check, tool, from string }{
		{"ip link set eth0 down", "interface", "ip", "iproute2"},
		{`sysctl -qw net.ipv4.ping_group_range="1 0"`, "ping_sockets", "sysctl", "procps"},
		{"ip link set lo down", "receive_stamps", "ip", "iproute2"},
	} {
		t.Run(tt.check, func(t *testing.T) {
			l := chain(t)
			needsTool(t, tt.tool, tt.from)
			// Who has no CAP_SYS_ADMIN can try no other loopback interface.
			u := user{uid: nobodyID, capabilities: []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN, unix.CAP_PERFMON}, binary: publicCopy(t)}
			run(t, l, tt.spoil)
			c := examine(t, l, u, "eth0").check(t, tt.check)
			if c.Status == OK || c.Mend == "" {
				t.Fatalf("after %s: %+v", tt.spoil, c)
			}
			run(t, l, c.Mend)
			examine(t, l, u, "eth0").want(t, tt.check, OK)
		})
	}
}

func TestNoInterface(t *testing.T) {
	l := chain(t)
	needsTool(t, "ip", "iproute2")
	run(t, l, "ip route flush table main; ip -6 route flush table main")
	o := examine(t, l, asRoot, "-")
	o.want(t, "interface", Unknown, "no default route")
	if o.Interface.Name != "" || modern(t) && o.Status != OK {
		t.Errorf("%s, interface %+v", o.Status, o.Interface)
	}
	o = examine(t, l, asRoot, "203.0.113.7")
	o.want(t, "interface", Missing, "no route to 203.0.113.7")
	o.want(t, "timing", Missing)
}
