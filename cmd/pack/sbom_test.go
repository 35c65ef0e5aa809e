package main

import (
	"bytes"
	"debug/buildinfo"
	"os"
	"strings"
	"testing"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdxlib"
)

// self is a program of Go's, with modules in it: this test.
func self(t *testing.T) (string, *buildinfo.BuildInfo) {
	t.Helper()
	file, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, info
}

func sbom(t *testing.T, file string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run([]string{"sbom", file, "v1.2.3"}, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// SPDX's own library reads the document. It names the program, each module in it with
// its version, and the standard library, once each.
func TestSBOM(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795359070")
	file, info := self(t)
	text := sbom(t, file)
	var d v2_3.Document
	if err := json.ReadInto(strings.NewReader(text), &d); err != nil {
		t.Fatal(err)
	}
	if err := spdxlib.ValidateDocument((*spdx.Document)(&d)); err != nil {
		t.Error(err)
	}
	if d.SPDXVersion != "SPDX-2.3" || d.CreationInfo.Created != "2026-11-22T14:51:10Z" {
		t.Errorf("%s of %s", d.SPDXVersion, d.CreationInfo.Created)
	}
	versions, ids := map[string]string{}, map[common.ElementID]bool{}
	for _, p := range d.Packages {
		versions[p.PackageName] = p.PackageVersion
		if ids[p.PackageSPDXIdentifier] {
			t.Errorf("%s is there twice", p.PackageSPDXIdentifier)
		}
		ids[p.PackageSPDXIdentifier] = true
	}
	want := map[string]string{"std": info.GoVersion, info.Main.Path: "v1.2.3"}
	for _, m := range info.Deps {
		want[m.Path] = m.Version
	}
	for name, version := range want {
		if versions[name] != version {
			t.Errorf("%s is %q, want %q", name, versions[name], version)
		}
	}
	if len(versions) != len(want) || len(d.Relationships) != len(want) {
		t.Errorf("%d packages and %d relationships, want %d", len(versions), len(d.Relationships), len(want))
	}
	if again := sbom(t, file); again != text {
		t.Error("the same program gives another document")
	}
}

// Each module's license is there, under its name.
func TestLicenses(t *testing.T) {
	file, info := self(t)
	var out bytes.Buffer
	if err := run([]string{"licenses", file, "v1.2.3"}, &out); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(out.String(), strings.Repeat("=", 79)+"\n")[1:]
	if len(parts) != len(info.Deps)+1 {
		t.Errorf("%d licenses of %d modules and Go", len(parts), len(info.Deps))
	}
	for i, part := range parts {
		if i < len(info.Deps) && !strings.HasPrefix(part, info.Deps[i].Path+" ") || !strings.Contains(strings.ToLower(part), "copyright") {
			t.Errorf("part %d is %.80q", i, part)
		}
	}
}

func TestUsage(t *testing.T) {
	file, _ := self(t)
	for _, tt := range []struct{ args, want string }{
		{"", "usage: "}, {"sbom", "usage: "}, {"tar " + file + " v1", `"tar": use one of`}, {"sbom /etc/passwd v1", "/etc/passwd"},
	} {
		if err := run(strings.Fields(tt.args), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.args, err, tt.want)
		}
	}
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if err := run([]string{"sbom", file, "v1"}, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "SOURCE_DATE_EPOCH") {
		t.Errorf("%v, want SOURCE_DATE_EPOCH", err)
	}
}
