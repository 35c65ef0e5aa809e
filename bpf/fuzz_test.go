package bpf

import (
	"bytes"
	"encoding/binary"
	"testing"
	"unsafe"
)

// FuzzStampAnswer holds the program in the kernel against package join and against
// the bytes, as arena.admit says. The seeds are what was captured.
func FuzzStampAnswer(f *testing.F) {
	all := arenas(f)
	for i, a := range all {
		for _, answer := range a.answers {
			f.Add(uint8(i), answer)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, packet []byte) {
		if !runnable(packet) || len(packet) > largest {
			return // see TestHostileFrames
		}
		a := all[int(which)%len(all)]
		a.depart(t)
		a.admit(t, packet)
		a.admit(t, packet) // and now it may be a duplicate
	})
}

// FuzzUnmarshalEvent: a record is as long as it says, or an error.
func FuzzUnmarshalEvent(f *testing.F) {
	for _, answer := range flows(f)[0].answers {
		record := make([]byte, eventHeader, eventHeader+len(answer))
		binary.NativeEndian.PutUint16(record[unsafe.Offsetof(KernelEvent{}.SnapshotLen):], uint16(len(answer)))
		f.Add(append(record, answer...))
	}
	f.Add(make([]byte, eventHeader))
	f.Fuzz(func(t *testing.T, record []byte) {
		var e KernelEvent
		if err := e.UnmarshalBinary(record); err != nil {
			return
		}
		if !bytes.Equal(e.Snapshot(), record[eventHeader:]) {
			t.Errorf("holds %x of %x", e.Snapshot(), record)
		}
	})
}
