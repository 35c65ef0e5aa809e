package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/report"
)

const smallSearch = `{"format":"ebpftrace.recording.multipath/1","header":{"target":"a","address":"198.51.100.7","source":"192.0.2.10","protocol":"udp",
"port":33434,"max_ttl":3,"timing":"user"},"names":{"192.0.2.1":"gw"},"repeat":{"source_port":9,"command":["ebpftrace","a"]},"result":{"protocol":"udp",
"started":"2026-03-01T12:00:00Z","elapsed_ns":1000,"stop_reason":"gap_limit","wanted":0.95,"confidence":0.9,"nodes":[{"hop":0,"balance":"none"},
{"hop":1,"addr":"192.0.2.1","flows":[0],"probes":2,"answered":1,"balance":"flow","missed":0.5},{"hop":2,"balance":"none","flows":[0]}],
"links":[{"from":0,"to":1,"flows":[0],"sure":true},{"from":1,"to":2}],"diamonds":[{"from":0,"to":-1,"width":2,"length":1}],
"doubts":[{"hop":1,"addr":"192.0.2.1","why":"few_flows"},{"hop":2,"why":"new"}],"lite_hops":[1,2],"at":[1,-1],"paths":[[0,1,2]],"probes":[{"ttl":1,"ident":7,
"state":"answered","stamps":{"user_send":5,"user_receive":900},"answer":1},{"ttl":1,"flow":-1,"state":"lost"}]}}`

// Whatever a document says of a search, it is refused in a line, or can be shown in every
// format and as a page.
func FuzzSearch(f *testing.F) {
	f.Add([]byte(smallSearch))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d searchDocument
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
		for _, format := range output.MultipathFormats {
			var out bytes.Buffer
			if err := r.Search.Play(format.New(&out)); err != nil {
				t.Errorf("%s: %v", format.Name, err)
			}
			for _, c := range out.String() {
				if c != '\n' && c < ' ' {
					t.Errorf("%s writes %U", format.Name, c)
				}
			}
		}
		if err := report.WriteMultipath(&bytes.Buffer{}, r.Search.Header, r.Search.Result, r.Search.Err); err != nil {
			t.Errorf("page: %v", err)
		}
	})
}

// The small document is a good one.
func TestSmallSearch(t *testing.T) {
	var d searchDocument
	if err := json.Unmarshal([]byte(smallSearch), &d); err != nil {
		t.Fatal(err)
	}
	r, err := d.decode(map[int][]byte{1: timeExceeded})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	f, _ := output.MultipathByName("text")
	if err := r.Search.Play(f.New(&out)); err != nil || !strings.Contains(out.String(), "gw (192.0.2.1)") || !strings.Contains(out.String(), "895 ns") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
