package tool

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// object is an ELF file that needs libraries.
type object struct {
	machine       elf.Machine // x86-64 if 0
	interpreter   string
	needed        []string
	runpath, path string // DT_RUNPATH, DT_RPATH
}

// write writes the file: a header, a segment if there is an interpreter, and the
// sections that say what is needed.
func (o object) write(t *testing.T, file string) {
	t.Helper()
	if o.machine == 0 {
		o.machine = elf.EM_X86_64
	}
	const headers, sections = 64 + 56, 3
	names, dynamic := o.dynamic()
	body := append(append([]byte(o.interpreter), names...), dynamic...)
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) }
	put(elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_DYN), Machine: uint16(o.machine), Version: uint32(elf.EV_CURRENT), Ehsize: 64,
		Phoff: 64, Phentsize: 56, Phnum: min(uint16(len(o.interpreter)), 1),
		Shoff: uint64(headers + len(body)), Shentsize: 64, Shnum: sections,
	})
	put(elf.Prog64{Type: uint32(elf.PT_INTERP), Off: headers, Filesz: uint64(len(o.interpreter))})
	b.Write(body)
	at := uint64(headers + len(o.interpreter))
	put(elf.Section64{})
	put(elf.Section64{Type: uint32(elf.SHT_STRTAB), Off: at, Size: uint64(len(names))})
	put(elf.Section64{Type: uint32(elf.SHT_DYNAMIC), Off: at + uint64(len(names)), Size: uint64(len(dynamic)), Link: 1, Entsize: 16})
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o755); err != nil {
		t.Fatal(err)
	}
}

// dynamic returns the table of strings and the dynamic section.
func (o object) dynamic() (names, entries []byte) {
	names = []byte{0}
	add := func(tag elf.DynTag, name string) {
		entries = binary.LittleEndian.AppendUint64(entries, uint64(tag))
		entries = binary.LittleEndian.AppendUint64(entries, uint64(len(names)))
		names = append(names, name+"\x00"...)
	}
	for _, name := range o.needed {
		add(elf.DT_NEEDED, name)
	}
	if o.runpath != "" {
		add(elf.DT_RUNPATH, o.runpath)
	}
	if o.path != "" {
		add(elf.DT_RPATH, o.path)
	}
	return names, append(entries, make([]byte, 16)...)
}
