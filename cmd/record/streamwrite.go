package record

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// begin writes what comes before the packets, once.
func (s *Stream) begin() (err error) {
	if s.ng != nil {
		return nil
	}
	h := s.ways[s.first()]
	about := fmt.Sprintf("rounds of probes from %v to %s (%v)", output.Plain(h.Source), output.Safe(h.Target), output.Plain(h.Address))
	if s.ng, err = section(&s.out, s.program, h.Interface, about); err != nil {
		return err
	}
	if err := s.ng.Flush(); err != nil {
		return err
	}
	b := beginning{Format: StreamFormat, Program: s.program, Interval: s.interval}
	for _, h := range s.ways {
		b.Ways = append(b.Ways, encodeHeader(h))
	}
	return s.custom(b)
}

// first is a way that can be taken.
func (s *Stream) first() int {
	for i, h := range s.ways {
		if h.Source.IsValid() {
			return i
		}
	}
	return 0
}

func (s *Stream) custom(what any) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return writeCustom(&s.out, text)
}

// counted counts what is written.
type counted struct {
	w       io.Writer
	written int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.written += int64(n)
	return n, err
}

// section begins a capture.
func section(w io.Writer, program, device, about string) (*pcapgo.NgWriter, error) {
	return pcapgo.NewNgWriterInterface(w, pcapgo.NgInterface{
		Name: device, LinkType: layers.LinkTypeRaw, Comment: timesComment, TimestampResolution: 9,
	}, pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{
		OS: "linux", Application: "ebpftrace " + program, Comment: about[:min(len(about), longest)],
	}})
}
