package record

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

const timesComment = "times are kernel stamps of CLOCK_MONOTONIC, all moved to the wall clock by one offset"

// Write writes the file of a run: what output.Writer.Start was given, and what
// tracer.Run returned, of which the trace is not nil. program is the version that
// writes. Names are as they were last told, so the output comes first.
func (r *Recorder) Write(w io.Writer, program string, h output.Header, t *tracer.Trace, failed error) error {
	c := r.capture(offset(r.order))
	text, err := json.Marshal(r.encode(program, h, t, failed, c))
	if err != nil {
		return err
	}
	if err := c.write(w, program, h.Interface, about(h, t.Stop, t.Elapsed), t); err != nil {
		return err
	}
	return writeCustom(w, text)
}

// packer gives back the packet that a probe was sent as.
type packer interface {
	Packet(tracer.Probe) ([]byte, error)
}

// write writes the packets.
func (c capture) write(w io.Writer, program, device, comment string, packets packer) error {
	ng, err := section(w, program, device, comment)
	if err != nil {
		return err
	}
	for _, p := range c.packets {
		if err := p.write(ng, c.wall(p.at), packets); err != nil {
			return err
		}
	}
	return ng.Flush()
}

// longest is the longest text that an option of pcapng may hold, with room to spare.
const longest = 4096

func about(h output.Header, stop tracer.StopReason, took time.Duration) string {
	return fmt.Sprintf("trace from %v to %s (%v) by %s, timed by %s: %s after %s", output.Plain(h.Source), output.Safe(h.Target),
		output.Plain(h.Address), h.Protocol, output.Safe(h.Timing), stop, output.Duration(took))
}

func (p packet) write(ng *pcapgo.NgWriter, at time.Time, packets packer) error {
	data, length, direction, err := p.data(packets)
	if err != nil {
		return err
	}
	return ng.WritePacketWithOptions(
		gopacket.CaptureInfo{Timestamp: at, CaptureLength: len(data), Length: max(length, len(data))}, data,
		pcapgo.NgPacketOptions{Comments: []string{p.words}, Flags: &pcapgo.NgEpbFlags{Direction: direction}})
}

// data returns a packet, its whole length, and which way it went.
func (p packet) data(packets packer) ([]byte, int, pcapgo.NgEpbFlag, error) {
	if p.in != nil {
		return p.in.Packet, p.in.Length, pcapgo.NgEpbFlagDirectionInbound, nil
	}
	data, err := packets.Packet(p.probe.Probe)
	return data, len(data), pcapgo.NgEpbFlagDirectionOutbound, err
}
