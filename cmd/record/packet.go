package record

import "encoding/binary"

const (
	packetHead   = 20 // interface, time (2 words), captured and whole length
	optionFlags  = 2
	flagOutbound = 2 // of the lowest two bits
)

// parsePacket returns the data of an Enhanced Packet Block, which aliases body, and
// whether it is marked as sent.
func parsePacket(order binary.ByteOrder, body []byte) (data []byte, outbound bool, err error) {
	if len(body) < packetHead {
		return nil, false, errBroken
	}
	captured := uint64(order.Uint32(body[12:]))
	padded := (captured + 3) &^ 3
	if padded > uint64(len(body)-packetHead) {
		return nil, false, errBroken
	}
	data = body[packetHead : packetHead+captured]
	flags := flagsOf(order, body[packetHead+padded:])
	return data, flags&3 == flagOutbound, nil
}

// flagsOf looks for the flags among a block's options; 0 if there are none.
func flagsOf(order binary.ByteOrder, options []byte) uint32 {
	for len(options) >= 4 {
		code, length := order.Uint16(options), int(order.Uint16(options[2:]))
		options = options[4:]
		if length > len(options) {
			return 0
		}
		if code == optionFlags && length == 4 {
			return order.Uint32(options)
		}
		options = options[min((length+3)&^3, len(options)):]
	}
	return 0
}
