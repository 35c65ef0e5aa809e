package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says of a flag that there is not which one may be meant.
func flagError(c *cobra.Command, err error) error {
	return suggested(c.Flags(), c.CommandPath(), err)
}

func suggested(flags *pflag.FlagSet, command string, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		if meant := oneDash(flags, err); meant != "" {
			return fmt.Errorf("%w: or did you mean %s?", err, meant)
		}
		return err
	}
	meant := meantFlag(flags, unknown)
	if meant == "" {
		return fmt.Errorf("%w: `%s --help` lists them", err, command)
	}
	return fmt.Errorf("%w: did you mean %s?", err, meant)
}

// meantFlag returns the flag that is nearest to what was written, with its dashes;
// empty if none is near.
func meantFlag(flags *pflag.FlagSet, unknown *pflag.NotExistError) string {
	written := unknown.GetSpecifiedShortnames()
	if written == "" {
		return dashed(similar(unknown.GetSpecifiedName(), longNames(flags)))
	}
	if len(written) == 1 { // a letter in the other case, or a peer's
		if meant := ofPeers[written]; meant != "" && flags.Lookup("first") != nil {
			return meant
		}
		letter := otherCase(written)
		if flags.ShorthandLookup(letter) != nil {
			return "-" + letter
		}
		return ""
	}
	name, _, _ := strings.Cut(written, "=") // one dash too few
	return dashed(similar(name, longNames(flags)))
}

// ofPeers are letters of traceroute(8) and mtr(8) that a trace has no flag for, and what
// does the same.
var ofPeers = map[string]string{
	"c": "-q", "j": "--json", "l": "--flow-label", "M": "-I, -T or -U", "r": "ebpftrace live -r",
}

// oneDash returns the flag that was written with one dash, and so taken for a letter with
// what it takes.
func oneDash(flags *pflag.FlagSet, err error) string {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return ""
	}
	name, _, _ := strings.Cut(invalid.GetFlag().Shorthand+invalid.GetValue(), "=")
	if f := flags.Lookup(name); f != nil && !f.Hidden {
		return dashed(name)
	}
	return ""
}

func dashed(name string) string {
	if name == "" {
		return ""
	}
	return "--" + name
}

func otherCase(letter string) string {
	if upper := strings.ToUpper(letter); upper != letter {
		return upper
	}
	return string(unicode.ToLower(rune(letter[0])))
}

// longNames returns the long names of the flags that help shows.
func longNames(flags *pflag.FlagSet) (all []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			all = append(all, f.Name)
		}
	})
	return all
}

// command says which command may be meant by what is no host.
func (o *options) command() string {
	if o.host == "version" {
		return "; or did you mean `ebpftrace --version`?"
	}
	var all []string
	for _, c := range o.commands {
		all = append(all, c.Name())
	}
	if meant := similar(o.host, all); meant != "" {
		return fmt.Sprintf("; or did you mean `ebpftrace %s`?", meant)
	}
	return ""
}
