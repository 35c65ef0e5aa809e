package record

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// Recording is a run as its file has it: a trace, or a search for all paths.
type Recording struct {
	// Program is the version that wrote the file.
	Program string
	// Header and Trace are those of a trace; Trace is nil if it is a Search.
	Header output.Header
	Trace  *tracer.Trace
	// Err is what ended the trace, if it failed.
	Err error
	// Search is nil if it is a trace.
	Search *Search
	// LeftOut is the number of answers that the file had no room for.
	LeftOut int
	// Rounds is what a file of rounds has, by each way; nil: a trace's. Header and
	// Trace are then those of the way with the most rounds, until Choose is called.
	Rounds *Rounds
}

// maxKept bounds what is kept of a file's packets.
const maxKept = 256 << 20

// Read reads a recording. Errors say what is wrong with the file, to be put behind
// its name. Memory is bounded by 256 MiB each for packets and document, and by a
// small multiple of what is read.
func Read(r io.Reader) (*Recording, error) {
	f := file{blocks: blocks{r: r}, answers: map[int][]byte{}}
	for f.document == nil && !f.stream.over() {
		kind, body, err := f.next()
		if f.stream.any() && (err == io.EOF || err == errCut) {
			break
		}
		if err == io.EOF {
			return nil, f.without()
		}
		if err != nil {
			return nil, err
		}
		if err := f.take(kind, body); err != nil {
			return nil, err
		}
	}
	if f.stream != nil {
		return f.stream.recording(), nil
	}
	return f.recording()
}

// file is a recording that is being read.
type file struct {
	blocks
	packets  int
	answers  map[int][]byte // by number, from 1
	kept     int
	document []byte
	stream   *streamFile // nil: not one, so far
	ours     bool
}

// take looks at a block. Those of other kinds are passed over.
func (f *file) take(kind uint32, body []byte) error {
	switch kind {
	case sectionHeader:
		f.ours = f.ours || bytes.Contains(body, []byte("ebpftrace "))
	case enhancedPacket:
		return f.takePacket(body)
	case customBlock:
		return f.takeDocument(ourDocument(f.order, body))
	}
	return nil
}

func (f *file) takePacket(body []byte) error {
	f.packets++
	data, outbound, err := parsePacket(f.order, body)
	if err != nil || outbound {
		return err
	}
	if f.kept += len(data); f.kept > maxKept {
		return errors.New("is too large: it has more than 256 MiB of answers")
	}
	f.answers[f.packets] = slices.Clone(data)
	return nil
}

// takeDocument takes the document of a trace, or one of those that come with rounds.
func (f *file) takeDocument(text []byte) (err error) {
	switch {
	case text == nil:
	case f.stream != nil:
		err = f.stream.take(text, f.answers, f.packets)
		f.packets, f.kept, f.answers = 0, 0, map[int][]byte{}
	default:
		if f.stream, err = openStream(text); f.stream == nil {
			f.document = text
		}
	}
	return err
}

// ourDocument returns the text of a custom block of ours; nil if it is somebody else's.
func ourDocument(order binary.ByteOrder, body []byte) []byte {
	if len(body) < 4+len(magic) || order.Uint32(body) != enterprise || string(body[4:4+len(magic)]) != magic {
		return nil
	}
	return bytes.TrimRight(body[4+len(magic):], "\x00")
}

// without says why a file has no document.
func (f *file) without() error {
	if f.ours {
		return errCut
	}
	return ErrForeign
}

func (f *file) recording() (*Recording, error) {
	var version struct {
		Format, Program string
	}
	if err := json.Unmarshal(f.document, &version); err != nil {
		return nil, errBroken
	}
	switch version.Format {
	case Format:
		return decodeDocument(f, &document{})
	case SearchFormat:
		return decodeDocument(f, &searchDocument{})
	}
	return nil, newer(version.Format, version.Program)
}

// decodeDocument reads a file's document as one of its kind.
func decodeDocument(f *file, d interface {
	packets() int
	decode(map[int][]byte) (*Recording, error)
}) (*Recording, error) {
	if err := json.Unmarshal(f.document, d); err != nil {
		return nil, fmt.Errorf("is damaged: %s", output.Safe(err.Error()))
	}
	if d.packets() != f.packets {
		return nil, fmt.Errorf("was changed: it has %d packets of %d", f.packets, d.packets())
	}
	return d.decode(f.answers)
}

func (p *preamble) packets() int { return p.Packets }

func newer(format, program string) error {
	if !strings.HasPrefix(format, "ebpftrace.recording") {
		return ErrForeign
	}
	return fmt.Errorf("is of another version, %s, written by ebpftrace %s: show it with that one",
		output.Safe(format), output.Safe(program))
}
