package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// group is some flags under a title.
type group struct {
	title  string
	flags  []*pflag.Flag
	usages []string // one a flag, of one or more lines
}

// grouped sorts flags into groups, in the order of flagGroups; the texts of all
// begin in the same column.
func grouped(flags *pflag.FlagSet) (groups []group) {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	all.SortFlags = false
	for _, g := range flagGroups {
		shown := group{title: g.title}
		flags.VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && slices.Contains(strings.Fields(g.flags), f.Name) {
				shown.flags = append(shown.flags, f)
				all.AddFlag(described(f))
			}
		})
		if shown.flags != nil {
			groups = append(groups, shown)
		}
	}
	usages := splitUsages(optional.ReplaceAllString(all.FlagUsagesWrapped(helpWidth), "$1[=$2]  "))
	for i := range groups {
		for _, f := range groups[i].flags {
			groups[i].usages = append(groups[i].usages, usages[0]+choices(f))
			usages = usages[1:]
		}
	}
	return groups
}

// optional is how pflag writes a flag that may stand without a value, whose "-" says
// little; both are as wide.
var optional = regexp.MustCompile(`(--[a-z-]+) ([A-Z]+)\[=-\]`)

// splitUsages splits what pflag writes for many flags into one part for each.
func splitUsages(text string) (parts []string) {
	for line := range strings.Lines(text) {
		if rest := strings.TrimLeft(line, " "); strings.HasPrefix(rest, "-") && len(line)-len(rest) <= len("      ") {
			parts = append(parts, "")
		}
		parts[len(parts)-1] += line
	}
	return parts
}

// described returns a flag as help shows it: with a name for what it takes, its
// default in brackets, and without the list of what it may be.
func described(f *pflag.Flag) *pflag.Flag {
	shown := *f
	if _, has := f.Value.(named); !has && metavariables[f.Name] != "" {
		shown.Value = named{f.Value, metavariables[f.Name]}
	}
	usage, _, _ := strings.Cut(f.Usage, ":\n")
	shown.Usage = strings.ReplaceAll(usage, "\n", " ")
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
		shown.Usage += " (" + f.DefValue + ")"
	}
	shown.DefValue = ""
	return &shown
}

// choices is the list of what a flag may be, if its description has one.
func choices(f *pflag.Flag) (text string) {
	_, list, _ := strings.Cut(f.Usage, ":\n")
	for line := range strings.SplitSeq(list, "\n") {
		if line != "" {
			text += "          " + line + "\n"
		}
	}
	return text
}

// named is a value whose kind has another name.
type named struct {
	pflag.Value
	kind string
}

func (n named) Type() string { return n.kind }
