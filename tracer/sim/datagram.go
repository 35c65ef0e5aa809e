package sim

import (
	"fmt"
	"slices"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// datagram is an IP packet on its way. All behind the IP header stays raw:
// routers look little further, and a quote has to show it as it was.
type datagram struct {
	v4   *layers.IPv4 // nil if IPv6
	v6   *layers.IPv6 // nil if IPv4
	body []byte
}

// parse reads a whole IP packet, which it does not keep.
func parse(packet []byte) (*datagram, error) {
	d, err := parseStart(packet)
	if err != nil {
		return nil, err
	}
	if d.length() > len(packet) {
		return nil, fmt.Errorf("IP header claims %d bytes of the %d that there are", d.length(), len(packet))
	}
	return d, nil
}

// parseStart reads an IP packet that may be cut short behind its IP header, as
// in a quote. The body is what follows the fixed header, also if it starts with
// an IPv6 extension header; hop-by-hop options are not supported.
func parseStart(packet []byte) (*datagram, error) {
	packet = slices.Clone(packet)
	if len(packet) > 0 && packet[0]>>4 == 6 {
		d := &datagram{v6: new(layers.IPv6)}
		if err := d.v6.DecodeFromBytes(packet, gopacket.NilDecodeFeedback); err != nil {
			return nil, err
		}
		if d.v6.HopByHop != nil {
			return nil, fmt.Errorf("hop-by-hop options are not supported")
		}
		d.body = d.v6.Payload
		return d, nil
	}
	d := &datagram{v4: new(layers.IPv4)}
	if err := d.v4.DecodeFromBytes(packet, gopacket.NilDecodeFeedback); err != nil {
		return nil, err
	}
	if d.v4.Version != 4 {
		return nil, fmt.Errorf("IP version %d", d.v4.Version)
	}
	d.body = d.v4.Payload
	return d, nil
}

// clone returns a copy whose changes the original does not see.
func (d *datagram) clone() *datagram {
	c := &datagram{body: slices.Clone(d.body)}
	if d.v4 != nil {
		header := *d.v4
		c.v4 = &header
		return c
	}
	header := *d.v6
	c.v6 = &header
	return c
}

// bytes returns the packet. Its lengths stay what they were, since a quote cut
// short claims the whole length; the IPv4 header checksum is made right.
func (d *datagram) bytes() ([]byte, error) {
	return serialize(gopacket.SerializeOptions{ComputeChecksums: true}, d.header(), gopacket.Payload(d.body))
}

func serialize(o gopacket.SerializeOptions, l ...gopacket.SerializableLayer) ([]byte, error) {
	buffer := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buffer, o, l...); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

func (d *datagram) ipv6() bool { return d.v6 != nil }
