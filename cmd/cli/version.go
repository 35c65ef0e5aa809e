package cli

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"
)

// version and revision are set by the linker. Without, the toolchain knows the commit,
// but not in every kind of work tree.
var (
	version  = "unknown"
	revision string
)

// kernels says which ones do.
const kernels = "Linux 5.10 or later: the nearest stamps from 6.1, tcx from 6.6"

// versionText says what this program is, and what it needs, in a few lines.
func versionText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "ebpftrace %s\n", version)
	if info, ok := debug.ReadBuildInfo(); ok {
		fmt.Fprintf(&b, "commit %s\nbuilt with %s for %s\n", commit(info), info.GoVersion, platform(info))
	}
	fmt.Fprintf(&b, "%s\n", kernels)
	if release := kernelRelease(); release != "" {
		fmt.Fprintf(&b, "this is Linux %s\n", release)
	}
	return b.String()
}

// commit is the one that this was built from, as the toolchain found it.
func commit(info *debug.BuildInfo) string {
	text := setting(info, "vcs.revision")
	if text == "" {
		return cmp.Or(revision, "unknown: built outside of a repository")
	}
	if date, _, _ := strings.Cut(setting(info, "vcs.time"), "T"); date != "" {
		text += " of " + date
	}
	if setting(info, "vcs.modified") == "true" {
		text += ", with changes"
	}
	return text
}

func platform(info *debug.BuildInfo) string {
	return cmp.Or(setting(info, "GOOS"), "unknown") + "/" + cmp.Or(setting(info, "GOARCH"), "unknown")
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// kernelRelease is the running kernel's, empty if it does not say.
func kernelRelease() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return ""
	}
	return unix.ByteSliceToString(name.Release[:])
}
