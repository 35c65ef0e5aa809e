package bpf

import (
	"fmt"
	"unsafe"
)

// eventHeader is the length in bytes of what stands before an event's packet.
const eventHeader = int(unsafe.Offsetof(KernelEvent{}.Packet))

// UnmarshalBinary copies a record of the ring buffer into e. Behind the
// snapshot, e.Packet keeps what it held before. A record whose length is not
// what its header says is an error, and leaves e undefined.
func (e *KernelEvent) UnmarshalBinary(record []byte) error {
	whole := unsafe.Slice((*byte)(unsafe.Pointer(e)), unsafe.Sizeof(*e))
	if len(record) < eventHeader || len(record) > len(whole) {
		return fmt.Errorf("event of %d bytes: want %d to %d", len(record), eventHeader, len(whole))
	}
	copy(whole, record)
	if have := len(record) - eventHeader; int(e.SnapshotLen) != have {
		return fmt.Errorf("event with %d bytes of packet claims %d", have, e.SnapshotLen)
	}
	return nil
}

// Snapshot returns the part of the answer that the event holds. It aliases e.
func (e *KernelEvent) Snapshot() []byte { return e.Packet[:e.SnapshotLen] }
