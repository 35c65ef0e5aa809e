package sim

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed scenarios/*.toml scenarios/multipath/*.toml scenarios/mtu/*.toml scenarios/loss/*.toml
var scenarios embed.FS

// Where the scenarios of the package are.
const (
	single = "scenarios"
	multi  = "scenarios/multipath"
	sized  = "scenarios/mtu"
	losing = "scenarios/loss"
)

// Names lists the scenarios that come with the package, in order: those with what
// a trace of one flow must find.
func Names() []string { return list(single) }

// MultipathNames lists those whose truth is all links, in order.
func MultipathNames() []string { return list(multi) }

// MTUNames lists those whose truth is where the path MTU drops, in order.
func MTUNames() []string { return list(sized) }

// LossNames lists those whose truth is what unanswered probes mean, and when routes
// change, in order.
func LossNames() []string { return list(losing) }

func list(folder string) []string {
	entries, _ := scenarios.ReadDir(folder) // embedded: cannot fail
	entries = slices.DeleteFunc(entries, fs.DirEntry.IsDir)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".toml")
	}
	return names
}

// Load returns the scenario of that name or, if there is none or the name holds
// a slash or ends in .toml, the one in that file. Errors tell file and line.
func Load(nameOrPath string) (*Scenario, error) {
	text, err := Source(nameOrPath)
	if err != nil {
		return nil, err
	}
	s, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("load scenario %s: %w", nameOrPath, err)
	}
	return s, nil
}

// Source returns what Load reads: the scenario in TOML, to begin one's own with.
func Source(nameOrPath string) ([]byte, error) {
	text, err := read(nameOrPath)
	if err != nil {
		return nil, fmt.Errorf("load scenario: %w", err)
	}
	return text, nil
}

func read(nameOrPath string) ([]byte, error) {
	if strings.Contains(nameOrPath, "/") || strings.HasSuffix(nameOrPath, ".toml") {
		return os.ReadFile(nameOrPath)
	}
	for _, folder := range []string{single, multi, sized, losing} {
		if text, err := scenarios.ReadFile(path.Join(folder, nameOrPath+".toml")); err == nil {
			return text, nil
		}
	}
	return nil, fmt.Errorf("no scenario %q: use a file's path, or a name that `ebpftrace lab --list` lists", nameOrPath)
}

// Parse reads a scenario. Keys that it does not know are errors, and so is a
// graph that cannot be walked; syntax errors tell the line.
func Parse(text []byte) (*Scenario, error) {
	var s Scenario
	dec := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return nil, located(err)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return &s, nil
}

// located puts the line in front, which go-toml's Error leaves out.
func located(err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		row, _ := strict.Errors[0].Position()
		return fmt.Errorf("line %d: unknown key %q", row, strings.Join(strict.Errors[0].Key(), "."))
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		row, _ := decode.Position()
		return fmt.Errorf("line %d: %w", row, err)
	}
	return err
}
