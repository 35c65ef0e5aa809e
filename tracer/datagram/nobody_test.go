package datagram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// asTracer makes this test binary trace as the variable's order says, and write
// what it found out.
const asTracer = "EBPFTRACE_TEST_AS_TRACER"

// order is what to trace.
type order struct {
	way
	Target netip.Addr
}

// finding is what was found out, and by whom.
type finding struct {
	Error        string
	UID          int
	Capabilities string // the effective ones, in hexadecimal
	Reached      bool
	Hops         [][]sample
	Counters     tracer.Counters
}

type sample struct {
	From   netip.Addr
	State  string
	Timing stamp.Timing
	RTT    time.Duration
	Stamps stamp.Set
}

// traceAsTold does not return.
func traceAsTold() {
	var o order
	found := finding{UID: os.Geteuid(), Capabilities: effective()}
	err := json.Unmarshal([]byte(os.Getenv(asTracer)), &o)
	if err == nil {
		err = found.trace(o)
	}
	if err != nil {
		found.Error = err.Error()
	}
	json.NewEncoder(os.Stdout).Encode(found)
	os.Exit(0)
}

func (f *finding) trace(o order) error {
	s, flow, err := open(o.way, o.Target, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	got, err := tracer.Run(context.Background(), tracer.Config{Flow: flow, Protocol: o.protocol()}, s, s)
	if err != nil {
		return err
	}
	f.Reached, f.Counters = got.Reached(), got.Counters
	for _, hop := range got.Hops {
		var samples []sample
		for _, p := range hop.Probes {
			samples = append(samples, sample{p.Answer.From, p.State.String(), p.Timing, p.RTT, p.Stamps})
		}
		f.Hops = append(f.Hops, samples)
	}
	return nil
}

func effective() string {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "CapEff:\t")
	caps, _, _ := strings.Cut(rest, "\n")
	return caps
}

// nobody is an ordinary user.
var nobody = &syscall.SysProcAttr{
	Credential: &syscall.Credential{Uid: 65534, Gid: 65534}, Pdeathsig: syscall.SIGKILL,
}

// asNobody traces at the client as an ordinary user without any capability.
func asNobody(t *testing.T, l *lab.Lab, o order) (f finding) {
	t.Helper()
	text, err := json.Marshal(o)
	must(t, err)
	cmd := exec.CommandContext(t.Context(), ownCopy(t))
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", []string{asTracer + "=" + string(text)}, nobody
	out := output(t, l, cmd)
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if f.UID != 65534 || strings.Trim(f.Capabilities, "0") != "" || len(f.Capabilities) != 16 {
		t.Fatalf("ran as user %d with capabilities %q", f.UID, f.Capabilities)
	}
	return f
}

// output runs a command at the client.
func output(t *testing.T, l *lab.Lab, cmd *exec.Cmd) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// Pdeathsig is that of the thread, which Do keeps for as long.
	if err := l.Do(lab.Client, cmd.Run); err != nil {
		t.Fatalf("%v: %v\n%s%s", cmd.Args, err, stdout.String(), stderr.String())
	}
	return stdout.Bytes()
}

// ownCopy returns the path of a copy of this program that anybody may run.
func ownCopy(t *testing.T) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	must(t, err)
	dir, err := os.MkdirTemp("/tmp", "datagram")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "tracer")
	must(t, os.WriteFile(path, self, 0o755))
	must(t, os.Chmod(dir, 0o755))
	return path
}

// An ordinary user gets the same hops, with stamps as near to the wire.
func TestTracesChainAsNobody(t *testing.T) {
	l := chain(t, 3)
	everyWay(t, true, func(t *testing.T, w way) {
		target, _ := l.Node(lab.Target)
		f := asNobody(t, l, order{w, w.address(target)})
		if f.Error != "" || !f.Reached || len(f.Hops) != 4 {
			t.Fatalf("error %q, reached %v in %d hops, want 4", f.Error, f.Reached, len(f.Hops))
		}
		for i, hop := range f.Hops {
			for _, s := range hop {
				if from := w.address(l.Nodes()[i+1]); s.State != "answered" || s.From != from {
					t.Errorf("hop %d: %s by %v, want it answered by %v", i+1, s.State, s.From, from)
				}
				checkStamps(t, w, tracer.Probe{TTL: i + 1, Timing: s.Timing, RTT: s.RTT, Stamps: s.Stamps})
			}
		}
		if c := f.Counters; c.Unmatched+c.Malformed+c.Overflow+c.Duplicates+c.ImpossibleStamps != 0 {
			t.Errorf("counted %+v", c)
		}
	})
}

// Who may not have ping sockets is told why, and what to do.
func TestPingGroupRange(t *testing.T) {
	l := chain(t, 1)
	must(t, l.Do(lab.Client, func() error { return allowPing("1 0") }))
	target, _ := l.Node(lab.Target)
	for _, ipv6 := range []bool{false, true} {
		w := way{Protocol: "icmp", IPv6: ipv6}
		f := asNobody(t, l, order{w, w.address(target)})
		for _, want := range []string{"net.ipv4.ping_group_range", "sysctl -w", "65534", "permission denied"} {
			if !strings.Contains(f.Error, want) || strings.Contains(f.Error, "\n") {
				t.Errorf("error %q, want a line that says %q", f.Error, want)
			}
		}
	}
	if f := asNobody(t, l, order{way{Protocol: "udp"}, target.V4}); f.Error != "" || !f.Reached {
		t.Errorf("UDP, which needs no such leave: error %q, reached %v", f.Error, f.Reached)
	}
}

// traceroute(8), as the same user by the same means, sees the same hops.
func TestAgreesWithTraceroute(t *testing.T) {
	if _, err := exec.LookPath("traceroute"); err != nil {
		t.Skip("needs traceroute, of Debian's traceroute")
	}
	l := chain(t, 4)
	target, _ := l.Node(lab.Target)
	for _, w := range ways(false) {
		flags := map[string]string{"udp": "-U", "icmp": "-I"}
		cmd := exec.CommandContext(t.Context(), "traceroute", "-n", "-N", "1", flags[w.Protocol], w.address(target).String())
		cmd.SysProcAttr = nobody
		var theirs []string
		for _, line := range strings.Split(strings.TrimSpace(string(output(t, l, cmd))), "\n")[1:] {
			theirs = append(theirs, strings.Fields(line)[1])
		}
		var ours []string
		for _, hop := range asNobody(t, l, order{w, w.address(target)}).Hops {
			ours = append(ours, hop[0].From.String())
		}
		if len(ours) != 5 || fmt.Sprint(ours) != fmt.Sprint(theirs) {
			t.Errorf("%v: ours %v, traceroute's %v", w, ours, theirs)
		}
	}
}
