package cpio_test

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/boot/cpio"
)

// One file, byte by byte.
func TestBytes(t *testing.T) {
	var got bytes.Buffer
	w := cpio.NewWriter(&got)
	if err := errors.Join(w.File("/a", 0o644, []byte("hello")), w.Close()); err != nil {
		t.Fatal(err)
	}
	zero := "00000000"
	want := "070701" + "00000001" + "000081a4" + zero + zero + "00000001" + zero + "00000005" +
		zero + zero + zero + zero + "00000002" + zero + "a\x00" + "hello\x00\x00\x00" +
		"070701" + "00000002" + zero + zero + zero + "00000001" + zero + zero +
		zero + zero + zero + zero + "0000000b" + zero + "TRAILER!!!\x00\x00\x00\x00"
	if got.String() != want {
		t.Errorf("wrote\n%q, want\n%q", got.String(), want)
	}
}

// names reads an archive as its consumer does, by the lengths in its headers.
func names(t *testing.T, archive []byte) (all []string) {
	t.Helper()
	const header, sizeAt, nameAt = 110, 54, 94
	round := func(n int) int { return (n + 3) / 4 * 4 }
	for len(archive) > 0 {
		size, err := strconv.ParseUint(string(archive[sizeAt:][:8]), 16, 32)
		length, err2 := strconv.ParseUint(string(archive[nameAt:][:8]), 16, 32)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(archive[header:][:length-1]))
		archive = archive[round(header+int(length))+round(int(size)):]
	}
	return all
}

// Directories come before what is in them, once.
func TestDirectories(t *testing.T) {
	var archive bytes.Buffer
	w := cpio.NewWriter(&archive)
	w.Directory("/proc")
	w.Device("dev/console", 5, 1)
	w.File("lib/modules/veth.ko", 0o600, make([]byte, 4099))
	w.Directory("lib")
	w.File("lib/modules/tun.ko", 0o600, nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("proc dev dev/console lib lib/modules lib/modules/veth.ko lib/modules/tun.ko TRAILER!!!")
	if got := names(t, archive.Bytes()); !slices.Equal(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// The first error stays.
func TestError(t *testing.T) {
	w := cpio.NewWriter(full{})
	for _, err := range []error{w.Directory("a"), w.File("b", 0, nil), w.Device("c", 1, 1), w.Close()} {
		if err != errFull {
			t.Errorf("%v, want %v", err, errFull)
		}
	}
}
