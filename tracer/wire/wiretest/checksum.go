package wiretest

// Checksum is the Internet checksum, word by word as RFC 1071, 4.1 has it: slow
// and plain, to hold others against.
func Checksum(b []byte) uint16 {
	var sum uint32
	for i := 0; i < len(b); i += 2 {
		word := uint32(b[i]) << 8
		if i+1 < len(b) {
			word |= uint32(b[i+1])
		}
		sum += word
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}
