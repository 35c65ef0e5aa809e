package wire

// Intact reports whether the checksums of an IPv4 header and of an ICMP or ICMPv6
// message are right. Of a packet that is cut short it sees only the header's; of
// other protocols it checks nothing, for a network device may leave theirs to be
// worked out later.
func Intact(packet []byte) bool {
	if len(packet) > 0 && packet[0]>>4 == 6 {
		h, body, err := ParseIPv6(packet)
		if err != nil || h.NextHeader != ProtocolICMPv6 || len(body) < h.PayloadLength {
			return err == nil
		}
		return TransportChecksum(h.Source, h.Target, ProtocolICMPv6, body[:h.PayloadLength]) == 0
	}
	h, body, err := ParseIPv4(packet)
	if err != nil || Checksum(packet[:h.HeaderLen()]) != 0 {
		return false
	}
	length := h.Length - h.HeaderLen()
	if h.Protocol != ProtocolICMP || length < 0 || len(body) < length {
		return true
	}
	return Checksum(body[:length]) == 0
}
