package diff

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// WriteJSON writes the result as one document.
func (r *WaysResult) WriteJSON(w io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// WriteText writes the result for people: a line for each change, marked as diff(1) does.
func (r *WaysResult) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "A: %s\nB: %s\n", r.A.words(), r.B.words())
	for _, remark := range r.Remarks {
		fmt.Fprintln(&b, remark)
	}
	for _, c := range append(append([]WaysChange{}, r.Interfaces...), r.Links...) {
		fmt.Fprintf(&b, "%s %3d  %s\n", marks[c.Change], c.Hop, c.words())
	}
	for _, line := range r.conclusion() {
		fmt.Fprintln(&b, line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c WaysChange) words() string {
	switch {
	case c.From != nil:
		return fmt.Sprintf("%v → %v", c.From, c.To)
	case c.Name != "":
		return fmt.Sprintf("%s (%v)", c.Name, c.To)
	}
	return c.To.String()
}

func (r *WaysResult) conclusion() []string {
	var all []string
	for _, of := range []struct {
		what    string
		changes []WaysChange
	}{{"interface", r.Interfaces}, {"link", r.Links}} {
		n := map[Change]int{}
		for _, c := range of.changes {
			n[c.Change]++
		}
		for _, c := range []Change{Added, Removed} {
			if n[c] > 0 {
				all = append(all, output.Count(n[c], of.what)+" "+string(c))
			}
		}
	}
	lines := []string{"paths: the same"}
	if len(all) > 0 {
		lines = []string{
			"paths: " + strings.Join(all, ", "),
			fmt.Sprintf("A is %.4g %% sure to have all that flows find, B %.4g %%: what one lacks it may have missed", 100*r.ConfidenceA, 100*r.ConfidenceB),
		}
	}
	if r.A.Reached != r.B.Reached {
		lines = append(lines, fmt.Sprintf("target: reached in %s alone", map[bool]string{true: "A", false: "B"}[r.A.Reached]))
	}
	return lines
}
