package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// report is all that a run of this program found.
type report struct {
	TakenAt time.Time `json:"taken_at"`
	Kernel  string    `json:"kernel"`
	Machine string    `json:"machine"`
	CPUs    int       `json:"cpus"`
	// Tolerance is what a time may leave its bracket by and be inside.
	Tolerance time.Duration `json:"tolerance_ns"`
	// Versions holds those of the tools and of tcpdump, Missing the tools
	// that are not installed.
	Versions map[string]string `json:"versions"`
	Missing  []string          `json:"missing"`
	// Conditions holds what each condition is.
	Conditions map[string]string `json:"conditions"`
	Rows       []row             `json:"rows"`
}

func newReport(o options, tools []tool, missing []string) *report {
	var u unix.Utsname
	unix.Uname(&u)
	r := &report{
		TakenAt: time.Now().UTC(), CPUs: runtime.NumCPU(), Tolerance: tolerance,
		Kernel: unix.ByteSliceToString(u.Release[:]), Machine: unix.ByteSliceToString(u.Machine[:]),
		Versions:   map[string]string{"tcpdump": tellVersion("tcpdump", "--version")},
		Missing:    append([]string{}, missing...),
		Conditions: make(map[string]string),
	}
	for _, c := range o.conditions {
		r.Conditions[c.name] = c.about
	}
	for _, t := range tools {
		name := t.program
		if t.ours {
			name = ourName
		}
		if _, ok := r.Versions[name]; !ok {
			r.Versions[name] = tellVersion(t.program, t.version...)
		}
	}
	return r
}

// take adds the rows of a condition.
func (r *report) take(ctx context.Context, o options, c condition, tools []tool, log io.Writer) error {
	s, err := bringAbout(ctx, c, o.keep)
	if err != nil {
		return err
	}
	defer s.end()
	if err := s.warmUp(ctx, o); err != nil {
		return err
	}
	for _, t := range tools {
		for _, p := range s.probings(o, t) {
			if err := ctx.Err(); err != nil {
				return err
			}
			row := s.measure(ctx, t, p)
			fmt.Fprintln(log, row.progress())
			r.Rows = append(r.Rows, row)
		}
	}
	return nil
}

// probings returns what is asked of a tool, a row each.
func (s *surroundings) probings(o options, t tool) (all []probing) {
	want := o.peers
	if t.ours {
		want = o.samples
	}
	for _, protocol := range o.protocols {
		for _, family := range o.families {
			all = append(all, probing{protocol, family, s.target(family), s.first, want})
		}
	}
	return all
}

// warmUp lets the kernels of the path look up their neighbours, which is no
// tool's fault and would burden the first.
func (s *surroundings) warmUp(ctx context.Context, o options) error {
	for _, family := range o.families {
		t := ours(o.ebpftrace, "auto")
		p := probing{"udp", family, s.target(family), 1, 1}
		if _, err := s.once(ctx, t, append([]string{t.program}, t.args(p)...), os.DevNull); err != nil {
			return err
		}
	}
	return nil
}

// progress is a row in short.
func (r row) progress() string {
	if r.Error != "" {
		return fmt.Sprintf("%-6s %-18s %-4s IPv%s: %s", r.Condition, r.Tool, r.Protocol, r.Family, r.Error)
	}
	return fmt.Sprintf("%-6s %-18s %-4s IPv%s: %d of %d inside", r.Condition, r.Tool, r.Protocol, r.Family, r.Inside, r.Samples)
}

// write writes the report in the form that was asked for.
func (r *report) write(out io.Writer, o options) error {
	switch {
	case o.json:
		return r.writeJSON(out)
	case o.markdown:
		return r.writeMarkdown(out)
	}
	return r.writeText(out)
}
