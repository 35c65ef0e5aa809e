// Pack says what a built program is made of, for those who hand it on:
//
//	pack sbom PROGRAM VERSION       an SPDX 2.3 document, as JSON
//	pack licenses PROGRAM VERSION   the licenses of all modules in it
//
// Both read the program itself (debug/buildinfo), so they can't differ from it. The
// same program gives the same text: the time in the document is SOURCE_DATE_EPOCH
// (reproducible-builds.org/specs/source-date-epoch), else the epoch.
package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "pack: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	if len(args) != 3 {
		return errors.New("usage: pack sbom|licenses PROGRAM VERSION")
	}
	write, known := map[string]func(io.Writer, string, *buildinfo.BuildInfo) error{
		"sbom": writeSBOM, "licenses": writeLicenses,
	}[args[0]]
	if !known {
		return fmt.Errorf("%q: use one of sbom|licenses", args[0])
	}
	info, err := buildinfo.ReadFile(args[1])
	if err != nil {
		return err
	}
	info.Main.Version = args[2] // which only the linker's caller knows
	return write(w, args[1], info)
}
