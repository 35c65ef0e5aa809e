package diff_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/ebpftrace/ebpftrace/cmd/diff"
	"github.com/ebpftrace/ebpftrace/cmd/internal/goldentest"
)

func TestGolden(t *testing.T) {
	a := strings.Replace(doc(true, "10.0.0.1 10 11 12 13 14 15 16 17 18 19", "10.0.0.2 20 21 22", "10.0.0.3 30 31 32", "* - - -", "10.0.0.5 50 51 -", "10.9.9.9 60 61 62"),
		`"from":"10.0.0.1"`, `"from":"10.0.0.1","name":"gw\u001b.example"`, 1)
	b := doc(true, "10.0.0.1 30 31 32 33 34 35 36 37 38 39", "10.0.0.2 80 81 82", "10.0.0.7 31 31 32", "10.0.0.33 30 31 32", "10.0.0.4 40 41 42", "10.0.0.5 - - -", "10.9.9.9 60 61 62")
	r := diff.Compare("a.json", load(t, a), "b.json", load(t, b))
	var text, document bytes.Buffer
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJSON(&document); err != nil {
		t.Fatal(err)
	}
	goldentest.Compare(t, "testdata/golden.txt", text.Bytes())
	goldentest.Compare(t, "testdata/golden.json", document.Bytes())
}

func TestLoadErrors(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "is empty"},
		{"text", "traceroute to", "is neither"},
		{"other JSON", `{"a": 1}`, "has the schema"},
		{"broken JSON", `{"a" 1}`, "is neither"},
		{"another's", `{"schema": "ebpftrace.bench/1\u001b"}`, `"ebpftrace.bench/1` + "\ufffd"},
		{"cut", doc(true, r1)[:200], "is cut short"},
		{"a stream", `{"type":"trace","schema":"ebpftrace.trace/1"}` + "\n{}\n", "is a stream of --format jsonl"},
		{"several", doc(true, r1) + "\n" + doc(true, r2), "several documents"},
		{"an address that is none", strings.Replace(doc(true, r1), "10.0.0.1", "10.0.0", 1), "is neither"},
		{"too long", doc(true, strings.Split(strings.Repeat(r1+",", 300), ",")[:300]...), "300 hops"},
	} {
		_, err := diff.Load(strings.NewReader(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// Whatever two documents hold, they are compared, and what is written is text.
func FuzzDocument(f *testing.F) {
	f.Add(doc(true, r1, r2, target), doc(false, r1, silent, r3))
	f.Add(`{"schema":"ebpftrace.trace/1"}`, `{"schema":"ebpftrace.trace/1","hops":[{"probes":[{"from":"::1%\u001b","rtt_ns":-1}]}]}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := diff.Load(strings.NewReader(a))
		if err != nil {
			return
		}
		y, err := diff.Load(strings.NewReader(b))
		if err != nil {
			return
		}
		r := diff.Compare("a", x, "b", y)
		var document bytes.Buffer
		if err := r.WriteJSON(&document); err != nil || !json.Valid(document.Bytes()) {
			t.Errorf("%v: %s", err, document.Bytes())
		}
		for _, c := range words(t, r) {
			if c != '\n' && !unicode.IsPrint(c) {
				t.Fatalf("%U in the text", c)
			}
		}
	})
}
