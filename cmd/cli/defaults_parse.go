package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// setFlag is a flag with what it is set to.
type setFlag struct{ name, value string }

// defaultsParser reads flags, a line at a time, and keeps what they make of the options
// to find what makes no sense.
type defaultsParser struct {
	options options
	flags   *pflag.FlagSet
	found   []setFlag
}

func newDefaultsParser() *defaultsParser {
	p := &defaultsParser{flags: pflag.NewFlagSet("", pflag.ContinueOnError)}
	p.options.flags(p.flags)
	return p
}

// parseDefaults reads lines of flags, as they would stand on the command line; "#"
// begins a comment. The error names where the text is from, and the line: of what only
// makes no sense together, the last one.
func parseDefaults(from, text string) ([]setFlag, error) {
	p := newDefaultsParser()
	var wrong error
	n := 0
	for line := range strings.Lines(text) {
		n++
		place := fmt.Sprintf("%s, line %d", from, n)
		if from == optionsVariable {
			place = from
		}
		if err := p.line(line); err != nil {
			return nil, usage("%s: %w", place, err)
		}
		switch err := p.options.check(); {
		case err == nil:
			wrong = nil
		case wrong == nil:
			wrong = usage("%s: %w", place, err)
		}
	}
	return p.found, wrong
}

func (p *defaultsParser) line(line string) error {
	args, err := words(line)
	if err != nil {
		return err
	}
	// What follows "--" would be no flag; nothing is taken to be a host.
	err = p.flags.ParseAll(args, func(f *pflag.Flag, value string) error {
		p.found = append(p.found, setFlag{f.Name, value})
		return p.flags.Set(f.Name, value)
	})
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return errors.New("help is no default")
	case err != nil:
		return suggested(p.flags, "ebpftrace", err)
	case p.flags.NArg() > 0:
		return fmt.Errorf("%q is no flag: only flags have defaults", p.flags.Arg(0))
	}
	return nil
}

// words splits a line at white space, but for what stands in quotes, and leaves out
// what follows a "#" that begins a word.
func words(line string) (all []string, err error) {
	var word strings.Builder
	var quote rune
	begun := false
	for _, r := range strings.TrimSpace(line) + "\n" {
		switch {
		case quote != 0 && r == '\n':
			return nil, fmt.Errorf("a quote %c is not closed", quote)
		case r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && !begun && r == '#':
			return all, nil
		case quote != 0 || !strings.ContainsRune(" \t\r\n", r):
			begun = true
			word.WriteRune(r)
		case begun:
			all, begun = append(all, word.String()), false
			word.Reset()
		}
	}
	return all, nil
}
