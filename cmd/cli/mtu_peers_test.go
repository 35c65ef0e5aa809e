package cli_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Their lines: " 4:  198.18.3.2  0.020ms pmtu 1400" says that hop 3 refused what hop 4
// was sent, " 4  198.18.4.2  0.023 ms F=1400" what hop 4 got.
var mtuPeers = []struct {
	name, pkg string
	args      []string
	line      *regexp.Regexp
}{
	{"tracepath", "iputils-tracepath", []string{"-n"}, regexp.MustCompile(`(?m)^ *(\d+)\??: .* pmtu (\d+)$`)},
	{"traceroute", "traceroute", []string{"-n", "-q", "1", "--mtu"}, regexp.MustCompile(`(?m)^ *(\d+) .* F=(\d+)$`)},
}

// tracepath(8) and traceroute(8) see the same MTUs at the same hops. Each has a network
// of its own, for they go by what the kernel has cached.
func TestMTUPeers(t *testing.T) {
	for _, peer := range mtuPeers {
		for _, family := range []string{"-4", "-6"} {
			t.Run(peer.name+family, func(t *testing.T) {
				needProgram(t, peer.name, peer.pkg)
				l := chain(t, 5)
				resize(t, l, 1, 1490)
				resize(t, l, 3, 1400)
				resize(t, l, 5, 1300)
				got := within(t, l, slices.Concat([]string{peer.name, family}, peer.args, []string{"target.lab"})...)
				theirs := mtusOf(t, peer.line, got.stdout, 6)
				ours := checkMTU(t, l, family, told(1, 1490), told(3, 1400), told(5, 1300))
				for i, h := range ours.Hops {
					if h.MTU != theirs[i] {
						t.Errorf("hop %d: MTU %d, %s has %d in\n%s", h.TTL, h.MTU, peer.name, theirs[i], got.stdout)
					}
				}
			})
		}
	}
}

// mtusOf reads the MTU at each hop, which lines tell where it changes.
func mtusOf(t *testing.T, line *regexp.Regexp, out string, hops int) []int {
	t.Helper()
	at := make([]int, hops+1)
	for _, found := range line.FindAllStringSubmatch(strings.ReplaceAll(out, "\r", ""), -1) {
		ttl, _ := strconv.Atoi(found[1]) // the expression has seen to it
		mtu, _ := strconv.Atoi(found[2])
		if ttl > hops {
			t.Fatalf("hop %d in\n%s", ttl, out)
		}
		for ; ttl <= hops; ttl++ {
			at[ttl] = mtu
		}
	}
	return at[1:]
}

// needProgram skips the test where the program of that package is missing, and fails
// it in continuous integration, which has to install it.
func needProgram(t *testing.T, name, pkg string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: apt-get install %s", name, pkg)
	}
	t.Skipf("%s is missing: apt-get install %s", name, pkg)
}
