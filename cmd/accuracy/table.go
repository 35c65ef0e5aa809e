package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// writeText writes a table for each condition.
func (r *report) writeText(out io.Writer) error {
	fmt.Fprintln(out, r.machine())
	for _, name := range r.order() {
		fmt.Fprintf(out, "\n%s: %s\n", name, r.Conditions[name])
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, strings.Join(headings, "\t"))
		for _, row := range r.of(name) {
			fmt.Fprintln(w, strings.Join(row.cells(), "\t"))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return r.notes(out, "\n")
}

// writeMarkdown writes the same for a document.
func (r *report) writeMarkdown(out io.Writer) error {
	fmt.Fprintln(out, r.machine())
	for _, name := range r.order() {
		fmt.Fprintf(out, "\n**%s**: %s\n\n", name, r.Conditions[name])
		fmt.Fprintf(out, "| %s |\n|%s\n", strings.Join(headings, " | "), strings.Repeat("---|", len(headings)))
		for _, row := range r.of(name) {
			fmt.Fprintf(out, "| %s |\n", strings.Join(row.cells(), " | "))
		}
	}
	return r.notes(out, "\n* ")
}

// writeJSON writes one document.
func (r *report) writeJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// machine tells where and with what the report was made.
func (r *report) machine() string {
	var versions []string
	for name, v := range r.Versions {
		versions = append(versions, name+" "+v)
	}
	slices.Sort(versions)
	return fmt.Sprintf("Linux %s, %s, %d CPUs, %s: %s.", r.Kernel, r.Machine, r.CPUs, r.TakenAt.Format(time.DateOnly), strings.Join(versions, ", "))
}

// order returns the conditions that have rows, in the order they were taken.
func (r *report) order() (names []string) {
	for _, row := range r.Rows {
		if !slices.Contains(names, row.Condition) {
			names = append(names, row.Condition)
		}
	}
	return names
}

// of returns a condition's rows.
func (r *report) of(condition string) (rows []row) {
	for _, row := range r.Rows {
		if row.Condition == condition {
			rows = append(rows, row)
		}
	}
	return rows
}

// notes writes what does not fit into a table: nothing is left out silently.
func (r *report) notes(out io.Writer, bullet string) error {
	var notes []string
	for _, name := range r.Missing {
		notes = append(notes, name+" is missing: not installed")
	}
	for _, row := range r.Rows {
		switch {
		case row.Error != "":
			notes = append(notes, fmt.Sprintf("%s, %s %s IPv%s failed: %s", row.Condition, row.Tool, row.Protocol, row.Family, row.Error))
		case conditionNamed(row.Condition).quota && row.Throttled == 0:
			notes = append(notes, fmt.Sprintf("%s, %s %s IPv%s: the quota never made it wait", row.Condition, row.Tool, row.Protocol, row.Family))
		}
	}
	for _, n := range notes {
		if _, err := fmt.Fprint(out, bullet+n); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}
