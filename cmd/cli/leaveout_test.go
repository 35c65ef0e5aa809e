package cli

import (
	"strings"
	"testing"
)

// What a format has no place for is said in one line, and not done; a recording or a
// page has a place for all.
func TestLeaveOut(t *testing.T) {
	const all = "--stamps --diff --back --loss -A --geo-db x"
	for _, tt := range []struct{ args, want string }{
		{all, ""},
		{"--json " + all, ""},
		{"--format jsonl " + all, ""},
		{"--format csv " + all, "--format csv has no place for --stamps, --diff, --back, --loss: left out"},
		{"--format markdown " + all, "--format markdown has no place for --stamps: left out"},
		{"--format traceroute --asn-db x --geo-db x", "--format traceroute has no place for --geo-db: left out"},
		{"--format atlas --asn-db x", "--format atlas has no place for -A: left out"},
		{"--format scamper -A --loss", "--format scamper has no place for -A, --loss: left out"},
		{"--format prometheus -A", ""},
		{"--format csv --save x --loss --stamps", ""},
		{"--format atlas --report x -A", ""},
		{"--format csv", ""},
		{"--attach clsact --timing user", "--attach clsact: left out, for --timing user"},
		{"--attach tcx --timing tcx", ""},
		{"--attach auto --timing socket", ""},
		{"--mtu --stamps", ""},
	} {
		o, said := parsed(t, tt.args), &strings.Builder{}
		o.leaveOut(said)
		if strings.Count(said.String(), "\n") != min(len(tt.want), 1) || !strings.Contains(said.String(), tt.want) {
			t.Errorf("%s: %q, want %q", tt.args, said, tt.want)
		}
		left := map[string]bool{"--loss": o.loss, "--stamps": o.stamps, "--diff": o.boxes.diff, "--back": o.boxes.back,
			"--geo-db": o.origins.places != "", "-A": o.origins.on || o.origins.systems != "", "--attach clsact": o.hooks != ""}
		for flag, asked := range left {
			if strings.Contains(tt.want, flag) && asked {
				t.Errorf("%s: %s is done nevertheless", tt.args, flag)
			}
		}
		if tt.want == "" && strings.Contains(tt.args, "--loss") && !o.loss {
			t.Errorf("%s: --loss is left out", tt.args)
		}
	}
}

func parsed(t *testing.T, args string) *options {
	t.Helper()
	o := &options{}
	c := newTrace("ebpftrace", nil, nil)
	c.ResetFlags()
	o.flags(c.Flags())
	if err := c.ParseFlags(strings.Fields(args)); err != nil {
		t.Fatal(err)
	}
	if err := o.check(); err != nil {
		t.Fatal(err)
	}
	return o
}
