package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/report"
)

// timeExceeded is an answer of a router to a UDP probe.
var timeExceeded = append([]byte{0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 192, 0, 2, 1, 192, 0, 2, 10, 11, 0, 0, 0, 0, 0, 0, 0},
	0x45, 0, 0, 32, 0, 1, 0, 0, 1, 17, 0, 0, 192, 0, 2, 10, 198, 51, 100, 7, 0xaf, 0xc8, 0x82, 0x9a, 0, 12, 0, 7)

const smallDocument = `{"format":"ebpftrace.recording/1","program":"v1","header":{"target":"a","address":"198.51.100.7","source":"192.0.2.10",
"protocol":"udp","port":33434,"max_ttl":3,"timing":"user","started":"2026-03-01T12:00:00Z"},"names":{"192.0.2.1":"gw"},"trace":{"protocol":"udp",
"started":"2026-03-01T12:00:00Z","elapsed_ns":1000,"stop_reason":"gap_limit","hops":[{"ttl":1,"probes":[{"ttl":1,"ident":7,"state":"answered",
"stamps":{"user_send":5,"user_receive":900},"answer":1,"duplicates":1},{"ttl":1,"state":"lost"},{"ttl":1,"state":"not_sent","error":"no"}]}]}}`

// Whatever a document says of a packet, it is refused in a line, or can be shown in every
// format and as a page.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(smallDocument))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d document
		if json.Unmarshal(text, &d) != nil {
			return
		}
		r, err := d.decode(map[int][]byte{1: timeExceeded})
		if err != nil {
			if text := err.Error(); text != output.Safe(text) {
				t.Errorf("%q", text)
			}
			return
		}
		for _, format := range output.Formats {
			if err := r.Play(format.New(&bytes.Buffer{})); err != nil {
				t.Errorf("%s: %v", format.Name, err)
			}
		}
		if err := report.WriteTrace(&bytes.Buffer{}, r.Header, r.Trace, r.Err); err != nil {
			t.Errorf("page: %v", err)
		}
	})
}

// Numbers that no run can have are refused.
func TestSmallDocument(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{"", "", ""},
		{`[{"ttl":1,"probes"`, `[{"ttl":256,"probes"`, "no TTL 256"},
		{`{"ttl":1,"ident"`, `{"ttl":-1,"ident"`, "a probe of TTL -1"},
		{`"duplicates":1`, `"duplicates":-1`, "-1 duplicates"},
		{`"user_receive":900`, `"user_receive":4`, "impossible"},
		{`"user_receive":900`, `"later_receive":900`, "no stamp"},
		{`"protocol":"udp"`, `"protocol":"sctp"`, "unknown protocol"},
		{`"gap_limit"`, `"bored"`, "no stop reason"},
	} {
		var d document
		if err := json.Unmarshal([]byte(strings.Replace(smallDocument, tt.old, tt.new, 1)), &d); err != nil {
			t.Fatal(err)
		}
		r, err := d.decode(map[int][]byte{1: timeExceeded})
		switch {
		case tt.want == "" && (err != nil || r.Trace.Hops[0].Probes[0].Answer.From.String() != "192.0.2.1"):
			t.Errorf("%+v, %v", r, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.new, err, tt.want)
		}
	}
}
