package doctor

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"
)

// root is a file system with a few files.
func root(files map[string]string) host {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return host{root: m}
}

// What looks read of files, and what they make of files that are not there.
func TestFiles(t *testing.T) {
	full := root(map[string]string{
		"etc/os-release":                            "NAME=\"Debian\"\nID=debian\nVERSION_ID=\"12\"\n",
		"run/.containerenv":                         "",
		"proc/self/status":                          "Name:\tx\nNoNewPrivs:\t1\nSeccomp:\t2\n",
		"proc/self/uid_map":                         "         0       1000          1\n",
		"proc/sys/kernel/unprivileged_bpf_disabled": "2\n",
		"proc/sys/net/ipv4/ping_group_range":        "0\t2147483647\n",
		"sys/kernel/security/lockdown":              "none [integrity] confidentiality\n",
		clocksources + "/current_clocksource":       "tsc\n",
		clocksources + "/available_clocksource":     "tsc hpet \n",
	})
	k, err := lookKernel(full)
	if err != nil || k.Distribution != "debian" || k.VersionID != "12" || !k.Container || k.Major < 4 || k.Machine == "" {
		t.Errorf("kernel: %+v, %v", k, err)
	}
	if p, err := lookProcess(full); err != nil || !p.NoNewPrivs || !p.UserNamespace || p.Executable == "" {
		t.Errorf("process: %+v, %v", p, err)
	}
	if v, err := lookUnprivileged(full); v != "2" || err != nil {
		t.Errorf("unprivileged BPF: %q, %v", v, err)
	}
	if v, err := lookPingRange(full); v != "0 2147483647" || err != nil {
		t.Errorf("ping group range: %q, %v", v, err)
	}
	if v, err := lookLockdown(full); inBrackets(v) != "integrity" || err != nil {
		t.Errorf("lockdown: %q, %v", v, err)
	}
	c, err := lookClocksource(full)
	if err != nil || c.Current != "tsc" || len(c.Available) != 2 || c.Reading <= 0 {
		t.Errorf("clocksource: %+v, %v", c, err)
	}
}

func TestMissingFiles(t *testing.T) {
	empty := root(nil)
	if k, err := lookKernel(empty); err != nil || k.Distribution != "" || k.Container {
		t.Errorf("kernel: %+v, %v", k, err)
	}
	if p, err := lookProcess(root(map[string]string{"proc/self/uid_map": "0 0 4294967295\n"})); err != nil || !p.NoProc || p.UserNamespace {
		t.Errorf("process: %+v, %v", p, err)
	}
	_, unprivileged := lookUnprivileged(empty)
	_, ping := lookPingRange(empty)
	_, lockdown := lookLockdown(empty)
	_, clock := lookClocksource(empty)
	for i, err := range []error{unprivileged, ping, lockdown, clock} {
		if !isMissing(err) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if b, _ := lookBTF(empty); !b.NoSysfs {
		t.Error("there is no sysfs")
	}
}

func TestVersions(t *testing.T) {
	for release, want := range map[string][2]int{"6.12.9-amd64": {6, 12}, "5.10.0-33-cloud-amd64": {5, 10}, "7.0-rc1": {7, 0}} {
		k := Kernel{Release: release}
		if err := k.parse(); err != nil || k.Major != want[0] || k.Minor != want[1] {
			t.Errorf("%s: %d.%d, %v", release, k.Major, k.Minor, err)
		}
	}
	if err := (&Kernel{Release: "strange"}).parse(); err == nil {
		t.Error("a strange version was read")
	}
	f := &Facts{Kernel: is(Kernel{Major: 6, Minor: 1})}
	for at, want := range map[[2]int]bool{{6, 1}: true, {5, 19}: true, {6, 6}: false, {7, 0}: false} {
		if got := f.since(at[0], at[1]); got != want {
			t.Errorf("6.1 since %v: %v", at, got)
		}
	}
}

// A look that panics or hangs leaves its own fact unknown, and no other.
func TestBoundedLooks(t *testing.T) {
	place := func(f *Facts) *Fact[string] { return &f.Lockdown }
	release := make(chan struct{})
	defer close(release)
	all := []look{
		into(func(f *Facts) *Fact[string] { return &f.Unprivileged }, func(host) (string, error) { panic("oops") }),
		into(func(f *Facts) *Fact[string] { return &f.PingRange }, func(host) (string, error) { return "1 0", nil }),
		into(place, func(h host) (string, error) { return h.known.PingRange.value, nil }),
		into(func(f *Facts) *Fact[TAI] { return &f.TAI }, func(host) (TAI, error) { <-release; return TAI{}, nil }),
	}
	f := gather(t.Context(), host{patience: patience{time.Second, time.Hour}}, all)
	if _, err := f.Unprivileged.Get(); err == nil || errors.Is(err, errNotLooked) {
		t.Errorf("after a panic: %v", err)
	}
	if v, err := f.Lockdown.Get(); v != "1 0" || err != nil {
		t.Errorf("a look sees %q, %v of what an earlier one found", v, err)
	}
	if _, err := f.TAI.Get(); !errors.Is(err, errSlow) {
		t.Errorf("after the deadline: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f = gather(ctx, host{patience: patience{time.Hour, time.Hour}}, all[3:])
	if _, err := f.TAI.Get(); !errors.Is(err, errSlow) {
		t.Errorf("after the end: %v", err)
	}
}
