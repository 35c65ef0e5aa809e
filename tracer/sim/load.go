package sim

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed scenarios/*.toml
var scenarios embed.FS

// Names lists the scenarios that come with the package, in order.
func Names() []string {
	entries, _ := scenarios.ReadDir("scenarios") // embedded: cannot fail
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".toml")
	}
	return names
}

// Load returns the scenario of that name or, if there is none or the name holds
// a slash or ends in .toml, the one in that file. Errors tell file and line.
func Load(nameOrPath string) (*Scenario, error) {
	text, err := read(nameOrPath)
	if err != nil {
		return nil, fmt.Errorf("load scenario: %w", err)
	}
	s, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("load scenario %s: %w", nameOrPath, err)
	}
	return s, nil
}

func read(nameOrPath string) ([]byte, error) {
	if strings.Contains(nameOrPath, "/") || strings.HasSuffix(nameOrPath, ".toml") {
		return os.ReadFile(nameOrPath)
	}
	text, err := scenarios.ReadFile(path.Join("scenarios", nameOrPath+".toml"))
	if err != nil {
		return nil, fmt.Errorf("no scenario %q: use a file's path or one of %s",
			nameOrPath, strings.Join(Names(), ", "))
	}
	return text, nil
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
