package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// joined is what a format makes of all samples, one after another.
func joined(t *testing.T, name string) string {
	t.Helper()
	f, err := ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	j := f.Join(&out)
	for i, s := range samples() {
		if i > 0 {
			if err := j.Next(); err != nil {
				t.Fatal(err)
			}
		}
		play(t, s, f.New(j))
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Several traces are one table with one line of names.
func TestJoinedCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(joined(t, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	for _, s := range samples() {
		f, _ := ByName("csv")
		alone, err := csv.NewReader(bytes.NewReader(render(t, f, s))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want += len(alone) - 1
	}
	heads := 0
	for _, r := range rows {
		if slices.Equal(r, columns) {
			heads++
		}
	}
	if len(rows) != want || heads != 1 {
		t.Errorf("%d rows and %d lines of names, want %d and 1", len(rows), heads, want)
	}
}

// Several traces are one exposition: a family stands together, under one HELP and one
// TYPE, and nothing is lost.
func TestJoinedPrometheus(t *testing.T) {
	text := joined(t, "prometheus")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	if _, err := parser.TextToMetricFamilies(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	f, _ := ByName("prometheus")
	var alone int
	for _, s := range samples() {
		alone += metrics(t, string(render(t, f, s)))
	}
	if got := metrics(t, text); got != alone {
		t.Errorf("%d samples, want %d", got, alone)
	}
}

// metrics counts samples, each of which has to be of the family named last.
func metrics(t *testing.T, text string) (n int) {
	t.Helper()
	var family string
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		switch rest, help := strings.CutPrefix(line, "# HELP "); {
		case help:
			family, _, _ = strings.Cut(rest, " ")
			if seen[family] {
				t.Errorf("%s comes twice", family)
			}
			seen[family] = true
		case strings.HasPrefix(line, "# TYPE "+family+" "):
		case strings.HasPrefix(line, family):
			n++
		default:
			t.Errorf("%q stands among those of %s", line, family)
		}
	}
	return n
}

// JSON documents come one after another, as json.Decoder and jq read them.
func TestJoinedJSON(t *testing.T) {
	n := 0
	for d := json.NewDecoder(strings.NewReader(joined(t, "json"))); ; n++ {
		var document map[string]any
		if err := d.Decode(&document); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if n != len(samples()) {
		t.Errorf("%d documents, want %d", n, len(samples()))
	}
}

// Text for people has one empty line between two traces, and none around them.
func TestJoinedText(t *testing.T) {
	for _, name := range []string{"table", "markdown", "traceroute"} {
		f, _ := ByName(name)
		var parts []string
		for _, s := range samples() {
			if part := string(render(t, f, s)); part != "" {
				parts = append(parts, part)
			}
		}
		if got, want := joined(t, name), strings.Join(parts, "\n"); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}
