package main

import (
	"net/netip"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// tool is a tracer that can be judged.
type tool struct {
	// name is the row's; program is the file that runs, looked up in PATH.
	name, program string
	// version holds the arguments that make the program tell its version.
	version []string
	// args returns the arguments of one run, or nil for what the tool can't.
	args func(probing) []string
	// parse reads the output of one run.
	parse func([]byte) ([]sample, error)
	// rounding bounds what the tool's output loses of its own time.
	rounding time.Duration
	// ours says that the number of samples and the targets for us apply.
	ours bool
}

// probing is what a row asks of a tool.
type probing struct {
	protocol string // udp, icmp or tcp
	family   string // 4 or 6
	target   netip.Addr
	first    int // TTL to begin with
	samples  int // wanted of the run, roughly
}

// perHop returns how many probes of each hop give the samples wanted, with no
// more than most.
func (p probing) perHop(most int) string {
	return strconv.Itoa(min(max(1, (p.samples+hops-p.first)/(hops+1-p.first)), most))
}

func (p probing) firstTTL() string { return strconv.Itoa(p.first) }

// microsecond is what a difference of two stamps loses at most, either way, if
// each is cut off to microseconds.
const microsecond = time.Microsecond

// peers are the tracers to compare with, as their packages install them.
var peers = []tool{
	{name: "traceroute", program: "traceroute", version: []string{"--version"}, args: tracerouteArgs, parse: parseTraceroute, rounding: microsecond},
	{name: "mtr", program: "mtr", version: []string{"--version"}, args: mtrArgs, parse: parseMTR, rounding: microsecond},
	{name: "scamper", program: "scamper", version: []string{"-v"}, args: scamperArgs(""), parse: parseScamper, rounding: microsecond},
	{name: "scamper-dl", program: "scamper", version: []string{"-v"}, args: scamperArgs(" -O dl"), parse: parseScamper, rounding: microsecond},
}

var versionNumber = regexp.MustCompile(`\d+(\.\d+)+|\d{8}`)

// tellVersion returns the version that a program tells, or the last word that
// it says instead of a number.
func tellVersion(program string, args ...string) string {
	out, _ := exec.Command(program, args...).CombinedOutput()
	first, _, _ := strings.Cut(string(out), "\n") // what else it was built with comes below
	words := strings.Fields(first)
	if v := versionNumber.FindString(first); v != "" || len(words) == 0 {
		return v
	}
	return words[len(words)-1]
}
