package main

import (
	"os/exec"
	"runtime"
	"testing"
)

// Debian's own checks of packages find neither errors nor warnings.
func TestLintian(t *testing.T) {
	deb := debFor(t, runtime.GOARCH)
	if _, err := exec.LookPath("lintian"); err != nil {
		t.Skip("needs lintian, of Debian")
	}
	out, err := exec.Command("lintian", "--allow-root", "--no-cfg", "--fail-on", "error,warning", deb).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
