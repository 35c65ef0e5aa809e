package main

import (
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// What SPDX calls these; none of it is known from the program.
const (
	noAssertion = "NOASSERTION"
	program     = common.ElementID("Program")
	namespace   = "https://github.com/ebpftrace/ebpftrace/spdx/"
)

// writeSBOM writes a document that describes the program, and says what modules and
// which standard library it contains.
func writeSBOM(w io.Writer, file string, info *buildinfo.BuildInfo) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	created, err := sourceDate()
	if err != nil {
		return err
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(content))
	d := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName: filepath.Base(file), DocumentNamespace: namespace + sum,
		CreationInfo: &v2_3.CreationInfo{
			Creators: []common.Creator{{CreatorType: "Tool", Creator: "ebpftrace-pack"}},
			Created:  created.Format(time.RFC3339),
		},
	}
	d.Packages = append(d.Packages, described(info, sum))
	d.Relationships = append(d.Relationships, related("DOCUMENT", common.TypeRelationshipDescribe, program))
	for _, m := range modules(info) {
		p := contained(m)
		d.Packages = append(d.Packages, p)
		d.Relationships = append(d.Relationships, related(program, common.TypeRelationshipContains, p.PackageSPDXIdentifier))
	}
	return json.Write(d, w, json.Indent("  "))
}

// sourceDate is what SOURCE_DATE_EPOCH says.
func sourceDate() (time.Time, error) {
	text := cmp.Or(os.Getenv("SOURCE_DATE_EPOCH"), "0")
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH %q: give seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// modules are those that the program contains, as they were used, and last the
// standard library.
func modules(info *buildinfo.BuildInfo) (all []*debug.Module) {
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		all = append(all, m)
	}
	return append(all, &debug.Module{Path: "std", Version: info.GoVersion})
}

func described(info *buildinfo.BuildInfo, sum string) *v2_3.Package {
	p := contained(&info.Main)
	p.PackageSPDXIdentifier, p.PrimaryPackagePurpose = program, "APPLICATION"
	p.PackageLicenseDeclared, p.PackageLicenseConcluded = "MIT", "MIT"
	p.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: sum}}
	for _, s := range info.Settings {
		if s.Key == "GOARCH" {
			p.PackageComment = "for linux/" + s.Value + ", built with " + info.GoVersion
		}
	}
	return p
}

// contained describes a module. What go.sum has is the hash of a list of hashes, so no
// checksum of a file (golang.org/x/mod/sumdb/dirhash).
func contained(m *debug.Module) *v2_3.Package {
	p := &v2_3.Package{
		PackageName: m.Path, PackageVersion: m.Version, PackageSPDXIdentifier: identifier(m),
		PackageDownloadLocation: noAssertion, PackageLicenseConcluded: noAssertion,
		PackageLicenseDeclared: noAssertion, PackageCopyrightText: noAssertion, PrimaryPackagePurpose: "LIBRARY",
		PackageExternalReferences: []*v2_3.PackageExternalReference{{
			Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL,
			Locator: fmt.Sprintf("pkg:golang/%s@%s", m.Path, m.Version),
		}},
	}
	if m.Sum != "" {
		p.PackageComment = "go.sum has " + m.Sum
	}
	return p
}

var notInIdentifiers = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// identifier is unique: a path is in a program once.
func identifier(m *debug.Module) common.ElementID {
	return common.ElementID("Module-" + notInIdentifiers.ReplaceAllString(m.Path, "-"))
}

func related(a common.ElementID, how string, b common.ElementID) *v2_3.Relationship {
	return &v2_3.Relationship{
		RefA: common.DocElementID{ElementRefID: a}, Relationship: how, RefB: common.DocElementID{ElementRefID: b},
	}
}
