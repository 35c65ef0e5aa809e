package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// asProgram makes this test binary behave as the program itself, so that tests
// run it as users do: as a process, with privileges, signals and exit status.
const asProgram = "EBPFTRACE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	lab.Enter(os.Args)
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Setenv(asProgram, "1") // for the processes that tests start
	os.Setenv("XDG_CONFIG_HOME", "/nonexistent")
	os.Unsetenv("EBPFTRACE_OPTIONS") // the user's own defaults are none of theirs
	os.Exit(m.Run())
}

// outcome is what a run of the program left.
type outcome struct {
	status         int
	stdout, stderr string
}

func needsRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes network namespaces and loads eBPF programs")
	}
}

func chain(t *testing.T, routers int) *lab.Lab {
	t.Helper()
	needsRoot(t)
	l, err := lab.Chain(t.Context(), lab.Options{Routers: routers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// within runs a command in the lab's client; "ebpftrace" is this program.
func within(t *testing.T, l *lab.Lab, argv ...string) outcome {
	t.Helper()
	return at(t, l, lab.Client, argv...)
}

// at runs a command at a node of the lab.
func at(t *testing.T, l *lab.Lab, node string, argv ...string) outcome {
	t.Helper()
	if argv[0] == "ebpftrace" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		argv[0] = self
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	status, err := l.Run(ctx, node, lab.Command{Argv: argv, Stdout: &stdout, Stderr: &stderr})
	if err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(argv, " "), err, stderr.String())
	}
	return outcome{status, stdout.String(), stderr.String()}
}

// document is the part of the JSON output that these tests look at.
type document struct {
	Schema     string         `json:"schema"`
	Reached    bool           `json:"reached"`
	StopReason string         `json:"stop_reason"`
	Interface  string         `json:"interface"`
	Error      string         `json:"error"`
	Timing     string         `json:"timing"`
	TimedBy    string         `json:"timed_by"`
	Notes      []string       `json:"notes"`
	Counters   map[string]int `json:"counters"`
	Hops       []struct {
		TTL    int             `json:"ttl"`
		Probes []probeDocument `json:"probes"`
	} `json:"hops"`
}

type probeDocument struct {
	Status string           `json:"status"`
	From   string           `json:"from"`
	Kind   string           `json:"kind"`
	RTT    int64            `json:"rtt_ns"`
	Source string           `json:"source"`
	Stamps map[string]int64 `json:"stamps"`
}

func (o outcome) document(t *testing.T) document {
	t.Helper()
	var d document
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil {
		t.Errorf("stdout is no JSON document: %v\n%s\n%s", err, o.stdout, o.stderr)
	}
	return d
}
