package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// boxesOf reads what the JSON output tells of boxes.
func boxesOf(t *testing.T, o outcome) (f boxFindings) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.stdout), &f); err != nil {
		t.Errorf("stdout is no JSON document: %v\n%s\n%s", err, o.stdout, o.stderr)
	}
	return f
}

// Dublin-traceroute finds its first hop behind a translator where we do: both know
// one by the checksum. It has to be told of one that leaves quotes alone.
func TestNATAsDublinTraceroute(t *testing.T) {
	tool, err := exec.LookPath("dublin-traceroute")
	if err != nil {
		t.Skip("needs dublin-traceroute, of Debian's dublin-traceroute, to agree with")
	}
	for name, tt := range map[string]struct {
		rules string
		flags []string
		want  int
	}{
		"none": {}, "masquerade": {rules: masquerade},
		"stateless":        {stateless, []string{"--broken-nat"}, 3},
		"restored in part": {partial, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			l := chain(t, 4)
			boxRules(t, l, map[string]string{"r2": tt.rules})
			target := l.Nodes()[5].V4.String()
			f := boxesOf(t, within(t, l, "ebpftrace", "--json", "-n", target))
			ours := 0
			if len(f.NAT) > 0 {
				ours = f.NAT[0].Before.TTL
			}
			dir := t.TempDir()
			argv := slices.Concat([]string{"sh", "-c", `cd "$1"; shift; exec "$@"`, "sh", dir, tool, "-n", "1", "-T", "6"}, tt.flags, []string{target})
			if got := within(t, l, argv...); got.status != 0 {
				t.Fatalf("dublin-traceroute: %s%s", got.stdout, got.stderr)
			}
			if theirs := dublinNAT(t, filepath.Join(dir, "trace.json")); ours != theirs || ours != tt.want {
				t.Errorf("behind a translator from hop %d on, dublin-traceroute says %d, want %d", ours, theirs, tt.want)
			}
		})
	}
}

// dublinNAT returns the TTL of the first hop with a NAT ID; 0 if none has one.
func dublinNAT(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var trace struct {
		Flows map[string][]struct {
			NAT  int `json:"nat_id"`
			Sent struct{ IP struct{ TTL int } }
		}
	}
	if err := json.Unmarshal(text, &trace); err != nil || len(trace.Flows) != 1 {
		t.Fatalf("%v in\n%s", err, text)
	}
	for _, flow := range trace.Flows {
		for _, hop := range flow {
			if hop.NAT != 0 {
				return hop.Sent.IP.TTL
			}
		}
	}
	return 0
}
