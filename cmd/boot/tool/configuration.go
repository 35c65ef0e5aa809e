package tool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxIncluded bounds how deep files of ldconfig(8) may include each other.
const maxIncluded = 8

// configured returns the directories that a file of ldconfig(8) names: none if
// it is not there.
func configured(file string) ([]string, error) { return included(file, maxIncluded) }

func included(file string, depth int) (dirs []string, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || depth == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		more, err := directive(filepath.Dir(file), strings.Fields(line), depth)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, more...)
	}
	return dirs, nil
}

// directive returns the directories of one line of a file in dir.
func directive(dir string, words []string, depth int) (dirs []string, err error) {
	if len(words) != 2 || words[0] != "include" {
		return words, nil
	}
	pattern := words[1]
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(dir, pattern)
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		more, err := included(file, depth-1)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, more...)
	}
	return dirs, nil
}
