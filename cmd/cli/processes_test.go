package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// children returns the ids of a process's children.
func children(parent int) (ids []int) {
	return processes(func(stat []string, _ string) bool { return stat[1] == strconv.Itoa(parent) })
}

// processes returns the ids of those that are alive and fit. stat holds the fields of
// /proc/PID/stat from the state on, dir is /proc/PID.
func processes(fit func(stat []string, dir string) bool) (ids []int) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		stat := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // a name may hold anything
		dir := filepath.Dir(file)
		if id, err := strconv.Atoi(filepath.Base(dir)); err == nil && stat[0] != "Z" && fit(stat, dir) {
			ids = append(ids, id)
		}
	}
	return ids
}
