package bench

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

func TestParseLoad(t *testing.T) {
	tests := []struct {
		text, want, complaint string
	}{
		{"busy", "busy=" + strconv.Itoa(runtime.NumCPU()), ""},
		{"busy=3", "busy=3", ""},
		{"busy=0", "", "1 to 1024"},
		{"busy=x", "", "1 to 1024"},
		{"quota=3%", "quota=3%", ""},
		{"quota=2.5", "quota=2.5%", ""},
		{"quota=0.5%", "", "as in quota=5%"},
		{"quota=100000%", "", "as in quota=5%"},
		{"quota=NaN", "", "as in quota=5%"},
		{"quota", "", "as in quota=5%"},
		{"lots", "", LoadUsage},
		{"", "", LoadUsage},
	}
	for _, tt := range tests {
		l, err := ParseLoad(tt.text)
		switch {
		case tt.complaint == "" && (err != nil || l.String() != tt.want):
			t.Errorf("%q: %v, %v; want %s", tt.text, l, err, tt.want)
		case tt.complaint != "" && (err == nil || !strings.Contains(err.Error(), tt.complaint)):
			t.Errorf("%q: %v, want it to say %q", tt.text, err, tt.complaint)
		}
	}
}

func children(t *testing.T) int {
	t.Helper()
	n := 0
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(tasks) == 0 {
		t.Fatal("no list of children")
	}
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		n += len(strings.Fields(string(text)))
	}
	return n
}

func TestBusy(t *testing.T) {
	before := children(t)
	stop, err := busy(2).Start()
	if err != nil {
		t.Fatal(err)
	}
	if n := children(t) - before; n != 2 {
		t.Errorf("%d busy loops, want 2", n)
	}
	if err := stop(); err != nil || children(t) != before {
		t.Errorf("%v; %d left", err, children(t)-before)
	}
}

const (
	mounts1 = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`
	mounts2  = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
	partial  = "30 23 0:26 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
	elsewere = "30 23 0:26 /docker/xyz /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
)

func TestLocate(t *testing.T) {
	tests := []struct {
		name, mounts, groups string
		v2                   bool
		want                 string
	}{
		{"version 1", mounts1, "3:cpuset:/x\n2:cpu,cpuacct:/user/1\n0::/\n", false, "/sys/fs/cgroup/cpu,cpuacct/user/1"},
		{"version 1 at the root", mounts1, "2:cpu,cpuacct:/\n", false, "/sys/fs/cgroup/cpu,cpuacct"},
		{"cpuset is not cpu", mounts1, "3:cpuset:/x\n", false, ""},
		{"version 2", mounts2, "0::/user.slice/a.scope\n", true, "/sys/fs/cgroup/user.slice/a.scope"},
		{"version 2 has no version 1", mounts2, "0::/\n", false, ""},
		{"a part is mounted", partial, "1:cpu:/docker/abc/d\n", false, "/sys/fs/cgroup/cpu/d"},
		{"another part is mounted", elsewere, "1:cpu:/docker/abc\n", false, ""},
		{"nothing mounted", "", "1:cpu:/\n0::/\n", false, ""},
		{"nonsense", "a b\n - \n", "x\n::\n", true, ""},
	}
	for _, tt := range tests {
		g, ok := locate(tt.mounts, tt.groups, tt.v2)
		if ok != (tt.want != "") || g.own != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, g.own, ok, tt.want)
		}
	}
}

// Of the groups above, the nearest one is taken that hands the controller on.
func TestDelegating(t *testing.T) {
	root := t.TempDir()
	own := filepath.Join(root, "slice", "scope")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	for dir, controllers := range map[string]string{root: "cpuset cpu\n", own: "", filepath.Dir(own): "cpuset\n"} {
		if err := os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte(controllers), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if dir, err := delegating(own); err != nil || dir != root {
		t.Errorf("%q, %v; want %q", dir, err, root)
	}
	os.WriteFile(filepath.Join(root, "cgroup.subtree_control"), nil, 0o644)
	if _, err := delegating(own); !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "+cpu") {
		t.Errorf("%v, want a way out", err)
	}
}

// The process is in a group of its own with the quota, and afterwards where it
// was; what a killed one left behind goes.
func TestQuota(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes a control group")
	}
	g, err := findGroup()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skipf("needs a CPU controller: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	dead := exec.Command("/bin/true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(g.parent, groupPrefix+strconv.Itoa(dead.Process.Pid))
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Skipf("needs to write control groups: %v", err)
	}
	stop, err := quota(50).Start()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a killed process left is still there")
	}
	in, _ := findGroup()
	if in.own != filepath.Join(g.parent, groupPrefix+strconv.Itoa(os.Getpid())) {
		t.Errorf("in %s", in.own)
	}
	if got := quotaOf(t, in); got != "50000" {
		t.Errorf("quota %q µs in 100 ms, want 50000", got)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if back, _ := findGroup(); back.own != g.own {
		t.Errorf("in %s, want %s", back.own, g.own)
	}
	if _, err := os.Stat(in.own); err == nil {
		t.Error("the group is still there")
	}
}

func quotaOf(t *testing.T, g group) string {
	t.Helper()
	file := "cpu.cfs_quota_us"
	if g.v2 {
		file = "cpu.max"
	}
	text, err := os.ReadFile(filepath.Join(g.own, file))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(text))[0]
}
