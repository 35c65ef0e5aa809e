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

// Dublin-traceroute finds the first hop behind each translator where we do: both
// know one by the checksum. It has to be told of one that leaves quotes alone.
func TestNATAsDublinTraceroute(t *testing.T) {
	tool, err := exec.LookPath("dublin-traceroute")
	if err != nil {
		t.Skip("needs dublin-traceroute, of Debian's dublin-traceroute, to agree with")
	}
	for name, tt := range map[string]struct {
		rules map[string]string
		flags []string
		want  []int
	}{
		"none": {}, "masquerade": {rules: map[string]string{"r2": masquerade}},
		"stateless":             {map[string]string{"r2": stateless}, []string{"--broken-nat"}, []int{3}},
		"restored in part":      {map[string]string{"r2": partial}, nil, []int{3}},
		"two, restored in part": {map[string]string{"r2": partial, "r3": partialToo}, nil, []int{3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // dublin-traceroute waits for two seconds
			l := chain(t, 4)
			boxRules(t, l, tt.rules)
			target := l.Nodes()[5].V4.String()
			f := boxesOf(t, within(t, l, "ebpftrace", "--json", "-n", target))
			var ours []int
			for _, n := range f.NAT {
				ours = append(ours, n.Before.TTL)
			}
			dir := t.TempDir()
			argv := slices.Concat([]string{"sh", "-c", `cd "$1"; shift; exec "$@"`, "sh", dir, tool, "-n", "1", "-T", "6"}, tt.flags, []string{target})
			if got := within(t, l, argv...); got.status != 0 {
				t.Fatalf("dublin-traceroute: %s%s", got.stdout, got.stderr)
			}
			if theirs := dublinNATs(t, filepath.Join(dir, "trace.json")); !slices.Equal(ours, theirs) || !slices.Equal(ours, tt.want) {
				t.Errorf("behind translators from hops %v on, dublin-traceroute says %v, want %v", ours, theirs, tt.want)
			}
		})
	}
}

// dublinNATs returns the TTLs of the hops with another NAT ID than those in front
// of them; the ID of none is 0.
func dublinNATs(t *testing.T, file string) (all []int) {
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
		last := 0
		for _, hop := range flow {
			if hop.NAT != 0 && hop.NAT != last {
				all, last = append(all, hop.Sent.IP.TTL), hop.NAT
			}
		}
	}
	return all
}
