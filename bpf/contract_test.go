package bpf

import (
	"encoding/binary"
	"testing"
	"unsafe"
)

// The same sizes as in contract.h.
func TestSizesAgreeWithC(t *testing.T) {
	for _, tt := range []struct {
		name      string
		got, want uintptr
	}{
		{"config", unsafe.Sizeof(KernelConfig{}), 32},
		{"probe", unsafe.Sizeof(KernelProbe{}), 64},
		{"event", unsafe.Sizeof(KernelEvent{}), 48 + 2048},
	} {
		if tt.got != tt.want {
			t.Errorf("struct %s is %d bytes in Go, %d in C", tt.name, tt.got, tt.want)
		}
	}
}

func TestUnmarshalEventChecksLength(t *testing.T) {
	record := make([]byte, eventHeader+4)
	binary.NativeEndian.PutUint16(record[unsafe.Offsetof(KernelEvent{}.SnapshotLen):], 4)
	for _, tt := range []struct {
		name   string
		record []byte
		ok     bool
	}{
		{"whole", record, true},
		{"empty", nil, false},
		{"cut in the header", record[:eventHeader-1], false},
		{"cut in the packet", record[:eventHeader+3], false},
		{"longer than it says", append(record[:len(record):len(record)], 0), false},
		{"longer than an event", make([]byte, unsafe.Sizeof(KernelEvent{})+1), false},
	} {
		var e KernelEvent
		if err := e.UnmarshalBinary(tt.record); (err == nil) != tt.ok {
			t.Errorf("%s: got error %v", tt.name, err)
		}
	}
}
