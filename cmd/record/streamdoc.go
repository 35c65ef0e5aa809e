package record

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
)

// StreamFormat names the documents of a file of rounds, and their version: one before
// the packets (beginning), one behind those of each round (roundJSON), and one at the
// end (ending), each in a custom block of its own.
const StreamFormat = "ebpftrace.recording/rounds.1"

type beginning struct {
	Format   string        `json:"format"`  // [StreamFormat]
	Program  string        `json:"program"` // version of the program that wrote it
	Interval time.Duration `json:"interval_ns"`
	Ways     []header      `json:"ways"` // those to choose from; of one that can't be taken, its protocol only
}

// streamDocument is one of the two.
type streamDocument struct {
	Round *roundJSON `json:"round,omitempty"`
	End   *ending    `json:"end,omitempty"`
}

// roundJSON is a round by one of the ways. Its probes' Packet and Answer are numbers of
// packets since the document before.
type roundJSON struct {
	Way     int `json:"way"`     // in beginning.Ways, from 0
	Packets int `json:"packets"` // since the document before
	// LeftOut is the number of answers for which there was no room.
	LeftOut int `json:"answers_left_out,omitempty"`
	// Since is how long after the first round of its way it began, by
	// CLOCK_MONOTONIC.
	Since time.Duration `json:"since_ns"`
	Trace traceJSON     `json:"trace"`
}

// ending is the last document. A file of a run that was killed has none.
type ending struct {
	Rounds int `json:"rounds"`
	// LeftOut is the number of rounds that were made and are not in the file.
	LeftOut     int           `json:"rounds_left_out,omitempty"`
	Names       []namesJSON   `json:"names"`   // by way
	Origins     []originsJSON `json:"origins"` // by way
	Interrupted bool          `json:"interrupted,omitempty"`
	Error       string        `json:"error,omitempty"` // what ended the rounds
}

type (
	namesJSON   map[netip.Addr]string
	originsJSON map[netip.Addr]origin.Origin
)
