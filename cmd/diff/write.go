package diff

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// WriteJSON writes the result as one document.
func (r *Result) WriteJSON(w io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

var marks = map[Change]string{Same: " ", Added: "+", Removed: "-", Changed: "~", Silent: "?"}

// WriteText writes the result for people: a line for each hop, marked as diff(1) does.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "A: %s\nB: %s\n", r.A.words(), r.B.words())
	for _, remark := range r.Remarks {
		fmt.Fprintln(&b, remark)
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if len(r.Hops) > 0 {
		fmt.Fprintln(t, "  A\tB\thop\tRTT in A\tin B\tlost in A\tin B\t")
	}
	for _, d := range r.Hops {
		fmt.Fprintf(t, "%s %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", marks[d.Change], d.A.ttl(), d.B.ttl(), d.who(),
			d.A.rtt(), d.B.rtt(), d.A.loss(), d.B.loss(), d.verdict())
	}
	t.Flush() // to a strings.Builder: can't fail
	for _, line := range r.conclusion() {
		fmt.Fprintln(&b, line)
	}
	_, err := io.WriteString(w, trimLines(b.String()))
	return err
}

// trimLines takes out the blanks that columns leave at the ends of lines.
func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

func (s Side) words() string {
	reached := fmt.Sprintf("reached in %s", output.Count(s.Hops, "hop"))
	if !s.Reached {
		reached = "not reached: " + strings.ReplaceAll(s.StopReason, "_", " ")
	}
	return fmt.Sprintf("%s, %s (%s) by %s, %s, %s", s.File, s.Target, s.Address, s.Protocol, started(s.StartedAt), reached)
}

// started shortens a time to seconds.
func started(at string) string {
	if t, err := time.Parse(time.RFC3339Nano, at); err == nil {
		return t.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return at
}

func (s *Spot) ttl() string {
	if s == nil {
		return ""
	}
	return fmt.Sprint(s.TTL)
}

func (s *Spot) rtt() string {
	if s == nil || s.Median == nil {
		return ""
	}
	return output.Duration(time.Duration(*s.Median))
}

// loss is empty where nothing was lost.
func (s *Spot) loss() string {
	if s == nil || s.Lost == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", s.Lost, s.Sent)
}

// who names the addresses, and those of B if they are others.
func (d Difference) who() string {
	a, b := d.A.who(), d.B.who()
	switch {
	case d.A == nil:
		return b
	case d.B == nil || slices.Equal(d.A.Addresses, d.B.Addresses):
		return a
	}
	return a + " → " + b
}

func (s *Spot) who() string {
	if s == nil || len(s.Addresses) == 0 {
		return "*"
	}
	all := make([]string, len(s.Addresses))
	for i, a := range s.Addresses {
		all[i] = a.String()
		if name := s.Names[i]; name != "" {
			all[i] = fmt.Sprintf("%s (%s)", name, a)
		}
	}
	return strings.Join(all, ", ")
}

func (d Difference) verdict() string {
	var all []string
	if d.RTT != nil && d.RTT.Verdict != "" {
		all = append(all, strings.NewReplacer("more", "slower", "less", "faster").Replace(d.RTT.Verdict))
	}
	if d.Loss != nil && d.Loss.Verdict != "" {
		all = append(all, d.Loss.Verdict+" loss")
	}
	return strings.Join(all, ", ")
}
