package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Types of blocks (draft-ietf-opsawg-pcapng, 11.1).
const (
	sectionHeader  = 0x0A0D0D0A
	enhancedPacket = 6
	customBlock    = 0x00000BAD // programs may copy it to another file
)

const (
	byteOrderMagic = uint32(0x1A2B3C4D)
	// enterprise is the number that RFC 5612 sets apart for examples, for the
	// project has none of its own: magic tells our block.
	enterprise = 32473
	magic      = "ebpftrace recording\n"
	blockFrame = 12 // type, length, and the length again
	maxBlock   = 256 << 20
)

// writeCustom writes a custom block with our magic in front of the text.
func writeCustom(w io.Writer, text []byte) error {
	var b bytes.Buffer
	le := binary.LittleEndian
	payload := len(magic) + len(text)
	padding := -payload & 3
	length := uint32(blockFrame + 4 + payload + padding)
	b.Write(le.AppendUint32(nil, customBlock))
	b.Write(le.AppendUint32(nil, length))
	b.Write(le.AppendUint32(nil, enterprise))
	b.WriteString(magic)
	b.Write(text)
	b.Write(make([]byte, padding))
	b.Write(le.AppendUint32(nil, length))
	_, err := w.Write(b.Bytes())
	return err
}

var (
	// ErrForeign is returned for a file that is something else.
	ErrForeign = errors.New("is no recording: make one with --save")
	errEmpty   = errors.New("is empty: a run that was to write it ended before its first probe, or by force")
	errCut     = errors.New("is cut short: the recording is not complete")
	errBroken  = errors.New("is damaged: its blocks don't fit together")
)

// blocks reads a file block by block.
type blocks struct {
	r     io.Reader
	order binary.ByteOrder // nil before the first block
}

// next returns a block's type and body; io.EOF behind the last one. Memory grows with
// what is really there, whatever length is claimed.
func (b *blocks) next() (kind uint32, body []byte, err error) {
	var head [8]byte
	if n, err := io.ReadFull(b.r, head[:]); err != nil {
		return 0, nil, b.end(n, err)
	}
	if binary.LittleEndian.Uint32(head[:]) == sectionHeader { // reads alike both ways
		return b.section(head)
	}
	if b.order == nil {
		return 0, nil, ErrForeign
	}
	kind = b.order.Uint32(head[:])
	body, err = b.body(b.order.Uint32(head[4:]), nil)
	return kind, body, err
}

// end tells where the file ended: io.EOF between blocks.
func (b *blocks) end(n int, err error) error {
	switch {
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		return err
	case b.order == nil && n == 0:
		return errEmpty
	case b.order == nil:
		return ErrForeign
	case n > 0:
		return errCut
	}
	return io.EOF
}

// section reads a section header, which says in which order bytes are from there on.
func (b *blocks) section(head [8]byte) (uint32, []byte, error) {
	var word [4]byte
	if _, err := io.ReadFull(b.r, word[:]); err != nil {
		return 0, nil, errCut
	}
	switch byteOrderMagic {
	case binary.LittleEndian.Uint32(word[:]):
		b.order = binary.LittleEndian
	case binary.BigEndian.Uint32(word[:]):
		b.order = binary.BigEndian
	default:
		return 0, nil, ErrForeign
	}
	body, err := b.body(b.order.Uint32(head[4:]), word[:])
	return sectionHeader, body, err
}

// body reads the rest of a block of that length, of which some was read.
func (b *blocks) body(length uint32, read []byte) ([]byte, error) {
	want := int64(length) - 8
	if length%4 != 0 || length > maxBlock || want < int64(len(read)+4) {
		return nil, errBroken
	}
	buf := bytes.NewBuffer(read)
	if _, err := io.CopyN(buf, b.r, want-int64(len(read))); err == io.EOF {
		return nil, errCut
	} else if err != nil {
		return nil, err
	}
	body, tail := buf.Bytes()[:want-4], buf.Bytes()[want-4:]
	if b.order.Uint32(tail) != length {
		return nil, errBroken
	}
	return body, nil
}
