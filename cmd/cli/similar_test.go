package cli

import "testing"

func TestSimilar(t *testing.T) {
	words := []string{"queries", "sim-queries", "timing", "port", "sport", "format", "first"}
	for written, want := range map[string]string{
		"quieries": "queries", "query": "queries", "queris": "queries", "timming": "timing", "prot": "port", "sprot": "sport",
		"form": "format", "por": "port", "p": "", "zebra": "", "": "", "f": "", "timings": "timing", "sim": "sim-queries",
	} {
		if got := similar(written, words); got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got, back := distance(tt.a, tt.b), distance(tt.b, tt.a); got != tt.want || back != tt.want {
			t.Errorf("%q, %q: %d and %d, want %d", tt.a, tt.b, got, back, tt.want)
		}
	}
}
