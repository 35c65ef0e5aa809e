package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// nanoMagic begins pcap files whose stamps have nanoseconds, in either byte
// order.
var nanoMagics = [][4]byte{{0xa1, 0xb2, 0x3c, 0x4d}, {0x4d, 0x3c, 0xb2, 0xa1}}

// readCapture returns the IP packets of a capture file, in the order of the
// file. It refuses stamps that are coarser than nanoseconds.
func readCapture(file string) ([]frame, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	frames, err := readFrames(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return frames, nil
}

func readFrames(in io.ReadSeeker) ([]frame, error) {
	var magic [4]byte
	if _, err := io.ReadFull(in, magic[:]); err != nil {
		return nil, err
	}
	if magic != nanoMagics[0] && magic != nanoMagics[1] {
		return nil, fmt.Errorf("magic % x is not that of a pcap file with nanoseconds", magic)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r, err := pcapgo.NewReader(in)
	if err != nil {
		return nil, err
	}
	if r.LinkType() != layers.LinkTypeEthernet {
		return nil, fmt.Errorf("link type %v is not Ethernet", r.LinkType())
	}
	return drain(r)
}

// ethernet is the length of a header without tags, which a veth pair has none
// of.
const ethernet = 14

func drain(r *pcapgo.Reader) ([]frame, error) {
	var frames []frame
	for {
		data, info, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return frames, nil
		}
		if err != nil {
			return nil, err
		}
		if len(data) < ethernet {
			continue
		}
		if p, ok := parsePacket(data[ethernet:]); ok {
			frames = append(frames, frame{info.Timestamp, p})
		}
	}
}
