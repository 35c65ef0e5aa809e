package cli

import "testing"

// A table does not hoard probes, however many rounds it has; what writes them all does.
func TestReportRemembers(t *testing.T) {
	for _, tt := range []struct {
		format, page string
		json         bool
		want         int
	}{{"table", "", false, reportKeep}, {"table", "page.html", false, 0}, {"csv", "", false, 0}, {"table", "", true, 0}} {
		o := liveOptions{options: options{format: tt.format, report: tt.page, json: tt.json}}
		if got := o.remembered(); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}
