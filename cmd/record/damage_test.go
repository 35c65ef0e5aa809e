package record_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// What is no recording, or no whole one, is called that, in one line.
func TestDamage(t *testing.T) {
	file := traced(t, "clean", probe.UDP{}, false).file
	replace := func(old, new string) []byte {
		if !bytes.Contains(file, []byte(old)) || len(old) != len(new) {
			t.Fatalf("can't replace %q by %q", old, new)
		}
		return bytes.Replace(file, []byte(old), []byte(new), 1)
	}
	foreign := func() []byte { return append([]byte(nil), file[:bytes.Index(file, []byte("ebpftrace"))]...) }
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "is empty"},
		{"text", []byte("{\"schema\": \"ebpftrace.trace/1\"}\n"), "is no recording"},
		{"one byte", file[:1], "is no recording"},
		{"a section that is not whole", foreign(), "is cut short"},
		{"the packets alone", file[:bytes.Index(file, []byte("ebpftrace recording"))-12], "is cut short"},
		{"another's capture", bytes.ReplaceAll(file, []byte("ebpftrace "), []byte("tracebpfe ")), "is no recording"},
		{"a packet is missing", withoutPacket(file), "was changed: it has"},
		{"a later version", replace("ebpftrace.recording/1", "ebpftrace.recording/2"), "written by ebpftrace v9"},
		{"a state of a later version", replace(`"state":"answered"`, `"state":"unawered"`), "no state"},
		{"an answer elsewhere", replace(`"answer":2`, `"answer":1`), "should be an answer"},
		{"a number that is none", replace(`"ttl":1,`, `"ttl":x,`), "is damaged"},
	} {
		_, err := record.Read(bytes.NewReader(tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	for n := range file {
		if _, err := record.Read(bytes.NewReader(file[:n])); err == nil {
			t.Fatalf("cut to %d bytes of %d, and no error", n, len(file))
		}
	}
}

// withoutPacket takes the first packet out of a file.
func withoutPacket(file []byte) []byte {
	at := 0
	for binary.LittleEndian.Uint32(file[at:]) != 6 {
		at += int(binary.LittleEndian.Uint32(file[at+4:]))
	}
	return slices.Delete(slices.Clone(file), at, at+int(binary.LittleEndian.Uint32(file[at+4:])))
}

// Whatever a file holds, reading it ends, and what was read can be shown.
func FuzzRead(f *testing.F) {
	for _, s := range append(seeds, searchSeed) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := record.Read(bytes.NewReader(file))
		if err != nil {
			if text := err.Error(); text != output.Safe(text) {
				t.Errorf("%q", text)
			}
			return
		}
		if r.Search != nil {
			showsSearch(t, r.Search)
			return
		}
		for _, format := range output.Formats {
			var out bytes.Buffer
			if err := r.Play(format.New(&out)); err != nil {
				t.Errorf("%s: %v", format.Name, err)
			}
			shows(t, format.Name, out.String())
		}
	})
}

func shows(t *testing.T, format, text string) {
	t.Helper()
	for _, c := range text {
		if c != '\n' && c < ' ' {
			t.Errorf("%s writes %U", format, c)
		}
	}
}

func showsSearch(t *testing.T, s *record.Search) {
	t.Helper()
	for _, format := range output.MultipathFormats {
		var out bytes.Buffer
		if err := s.Play(format.New(&out)); err != nil {
			t.Errorf("%s: %v", format.Name, err)
		}
		shows(t, format.Name, out.String())
	}
	if err := report.WriteMultipath(&bytes.Buffer{}, s.Header, s.Result, s.Err); err != nil {
		t.Errorf("page: %v", err)
	}
}
