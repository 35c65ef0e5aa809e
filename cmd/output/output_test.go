package output

import (
	"bytes"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/cmd/internal/goldentest"
	"github.com/ebpftrace/ebpftrace/tracer"
)

func interfaceInfo(name, addr, zone string) *icmp.InterfaceInfo {
	return &icmp.InterfaceInfo{
		Class: 2, Type: 14,
		Interface: &net.Interface{Index: 7, Name: name, MTU: 9000},
		Addr:      &net.IPAddr{IP: net.ParseIP(addr), Zone: zone},
	}
}

// play runs a sample through w and returns what End says.
func play(t *testing.T, s sample, w Writer) error {
	t.Helper()
	if err := w.Start(s.header); err != nil {
		return err
	}
	for _, h := range hopsOf(s) {
		if err := w.Hop(h); err != nil {
			t.Logf("Hop: %v", err)
		}
	}
	return w.End(s.trace, s.err)
}

func hopsOf(s sample) []tracer.Hop {
	if s.shown == nil && s.trace != nil {
		return s.trace.Hops
	}
	return s.shown
}

func render(t *testing.T, f Format, s sample) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := play(t, s, f.New(&out)); err != nil {
		t.Fatalf("%s of %s: %v", f.Name, s.name, err)
	}
	return out.Bytes()
}

func each(t *testing.T, test func(*testing.T, Format, sample)) {
	for _, f := range Formats {
		for _, s := range samples() {
			t.Run(f.Name+"/"+s.name, func(t *testing.T) { test(t, f, s) })
		}
	}
}

func TestGolden(t *testing.T) {
	each(t, func(t *testing.T, f Format, s sample) {
		got := render(t, f, s)
		file := filepath.Join("testdata", strings.ReplaceAll(s.name, " ", "-")+"."+f.Name+".golden")
		goldentest.Compare(t, file, got)
	})
}

// TestConformance holds every format to what the contract of Writer says.
func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, f Format, s sample) {
		out := string(render(t, f, s))
		if !strings.HasSuffix(out, "\n") {
			t.Error("the last line has no end")
		}
		if !utf8.ValidString(out) {
			t.Error("not UTF-8")
		}
		for _, r := range out {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Fatalf("%U in the output", r)
			}
		}
		out = plainText(f, out)
		if strings.Contains(out, "%") {
			t.Error("a zone, or a format that went wrong")
		}
		if s.err != nil && !f.Bare && !strings.Contains(out, Safe(s.err.Error())) {
			t.Errorf("nothing about %q", s.err)
		}
		if s.trace != nil {
			for addr := range sources(s.trace.Hops) {
				name := s.header.name(addr, jsonName)
				if !strings.Contains(out, Plain(addr).String()) && (f.Name != "mtr" || !strings.Contains(out, name)) {
					t.Errorf("nothing about %v", addr)
				}
			}
		}
		if async := plainText(f, string(render(t, asynchronous(f), s))); async != out {
			t.Errorf("behind Async:\n%s\nalone:\n%s", async, out)
		}
	})
}

// plainText takes out what a format itself brings: a name with a per cent sign, the
// backslashes that keep text from being markup.
func plainText(f Format, out string) string {
	switch f.Name {
	case "mtr":
		return strings.ReplaceAll(out, `"Loss%"`, "")
	case "markdown":
		return strings.ReplaceAll(out, `\`, "")
	}
	return out
}

func asynchronous(f Format) Format {
	sync := f.New
	f.New = func(w io.Writer) Writer { return Async(sync(w), f.Patience) }
	return f
}

// broken takes a number of writes, fails once, and is well again: an error has
// to be remembered.
type broken struct{ good int }

var errBroken = errors.New("broken pipe")

func (b *broken) Write(p []byte) (int, error) {
	if b.good--; b.good == -1 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	each(t, func(t *testing.T, f Format, s sample) {
		for writes := 0; ; writes++ {
			w := &broken{good: writes}
			err := play(t, s, f.New(w))
			if w.good >= 0 {
				break // it needs no more writes than that
			}
			if !errors.Is(err, errBroken) {
				t.Fatalf("after %d writes: %v", writes, err)
			}
			if err := play(t, s, Async(f.New(&broken{good: writes}), f.Patience)); !errors.Is(err, errBroken) {
				t.Fatalf("behind Async, after %d writes: %v", writes, err)
			}
		}
	})
}

func TestByName(t *testing.T) {
	for _, f := range Formats {
		if got, err := ByName(f.Name); err != nil || got.Name != f.Name {
			t.Errorf("ByName(%q) = %q, %v", f.Name, got.Name, err)
		}
	}
	if _, err := ByName("xml"); err == nil || !strings.Contains(err.Error(), "table, json") {
		t.Errorf("ByName(xml): %v", err)
	}
}
