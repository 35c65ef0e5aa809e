package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--version", "-V"} {
		status, text, stderr := run(flag)
		lines := strings.Split(text, "\n")
		want := []string{"ebpftrace " + version, "commit ", "built with " + runtime.Version() + " for linux/" + runtime.GOARCH,
			"Linux 5.10 or later", "this is Linux " + strings.TrimSpace(string(release)), ""}
		if status != 0 || stderr != "" || len(lines) != len(want) {
			t.Fatalf("%s: status %d, %q%q", flag, status, text, stderr)
		}
		for i, line := range lines {
			if !strings.HasPrefix(line, want[i]) {
				t.Errorf("%s: %q, want %q", flag, line, want[i])
			}
		}
	}
}

func TestVersionNamesCommit(t *testing.T) {
	settings := []debug.BuildSetting{{Key: "vcs.revision", Value: "0f0de7b"}, {Key: "vcs.time", Value: "2026-11-22T13:09:00Z"}}
	for _, tt := range []struct {
		settings []debug.BuildSetting
		want     string
	}{
		{nil, "unknown: built outside of a repository"},
		{settings, "0f0de7b of 2026-11-22"},
		{append(settings, debug.BuildSetting{Key: "vcs.modified", Value: "true"}), "0f0de7b of 2026-11-22, with changes"},
	} {
		if got := commit(&debug.BuildInfo{Settings: tt.settings}); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
