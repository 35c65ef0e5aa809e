// Package cpio writes the archives that the kernel unpacks as its first root
// file system: the format "newc" of cpio(5), as the kernel's
// Documentation/driver-api/early-userspace/buffer-format.rst has it.
package cpio

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// alignment is what names and contents are padded to.
const alignment = 4

// ErrTooLarge reports a file whose length does not fit in the format.
var ErrTooLarge = errors.New("cpio: a file of 4 GiB or more")

// Writer writes one archive. Names are paths from the root, with or without a
// leading slash; the directories above a name are added before it. The first
// error stays, and each method returns it.
type Writer struct {
	w     io.Writer
	at    int64 // bytes written
	inode uint32
	known map[string]bool
	err   error
}

// NewWriter returns a Writer to w, which it does not close.
func NewWriter(w io.Writer) *Writer {
	return &Writer{w: w, known: map[string]bool{".": true, "/": true}}
}

// Directory adds a directory, unless it was added before.
func (w *Writer) Directory(name string) error {
	return w.add(entry{name: name, mode: unix.S_IFDIR | 0o755})
}

// File adds a file with those permissions.
func (w *Writer) File(name string, permissions uint32, content []byte) error {
	return w.add(entry{name: name, mode: unix.S_IFREG | permissions, content: content})
}

// Device adds a character device.
func (w *Writer) Device(name string, major, minor uint32) error {
	return w.add(entry{name: name, mode: unix.S_IFCHR | 0o600, major: major, minor: minor})
}

// Close ends the archive.
func (w *Writer) Close() error {
	w.write(entry{name: "TRAILER!!!"})
	return w.err
}

// entry is what a header describes.
type entry struct {
	name         string
	mode         uint32
	major, minor uint32
	content      []byte
}

func (w *Writer) add(e entry) error {
	e.name = strings.TrimPrefix(path.Clean(e.name), "/")
	directory := e.mode&unix.S_IFMT == unix.S_IFDIR
	if w.known[e.name] && directory {
		return w.err
	}
	w.known[e.name] = true
	if above := path.Dir(e.name); !w.known[above] {
		w.Directory(above)
	}
	w.write(e)
	return w.err
}

func (w *Writer) write(e entry) {
	if len(e.content) > math.MaxUint32 && w.err == nil {
		w.err = ErrTooLarge
	}
	w.inode++
	const owner, links, time, device, check = 0, 1, 0, 0, 0
	w.put([]byte("070701"))
	for _, field := range []uint32{
		w.inode, e.mode, owner, owner, links, time, uint32(len(e.content)),
		device, device, e.major, e.minor, uint32(len(e.name) + 1), check,
	} {
		w.put(fmt.Appendf(nil, "%08x", field))
	}
	w.put([]byte(e.name + "\x00"))
	w.pad()
	w.put(e.content)
	w.pad()
}

func (w *Writer) pad() {
	w.put(make([]byte, (alignment-w.at%alignment)%alignment))
}

func (w *Writer) put(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.w.Write(b)
	w.at, w.err = w.at+int64(n), err
}
