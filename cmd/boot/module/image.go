package module

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// unpackers are the programs that write what a compressed file holds.
var unpackers = map[string][]string{
	".gz":  {"gzip", "-dc"},
	".xz":  {"xz", "-dc"},
	".zst": {"zstd", "-dcq"},
}

// read returns the module in a file, which may be compressed.
func read(path string) ([]byte, error) {
	argv, ok := unpackers[filepath.Ext(path)]
	if !ok {
		return os.ReadFile(path)
	}
	var problem bytes.Buffer
	unpack := exec.Command(argv[0], append(argv[1:], path)...)
	unpack.Stderr = &problem
	image, err := unpack.Output()
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w: %s", path, err, problem.String())
	}
	return image, nil
}

// needs returns the modules that a module's own description says it depends on.
func needs(image []byte) ([]string, error) {
	f, err := elf.NewFile(bytes.NewReader(image))
	if err != nil {
		return nil, err
	}
	section := f.Section(".modinfo")
	if section == nil {
		return nil, errors.New("there is no section .modinfo")
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	return depends(info), nil
}

// depends returns the entries of "depends=" in a list of strings that end in
// NUL.
func depends(info []byte) []string {
	for field := range strings.SplitSeq(string(info), "\x00") {
		if list, ok := strings.CutPrefix(field, "depends="); ok && list != "" {
			return strings.Split(list, ",")
		}
	}
	return nil
}
