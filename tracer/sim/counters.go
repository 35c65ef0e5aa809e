package sim

import "maps"

// Drop is a reason for which a packet brought no answer, or an answer did not
// come back.
type Drop string

// The reasons.
const (
	// DropMalformed: no IP packet, or with what is not simulated.
	DropMalformed Drop = "malformed"
	// DropBadChecksum: of the IPv4 header, or at the target of the transport.
	DropBadChecksum Drop = "bad_checksum"
	// DropLoss: lost when forwarded.
	DropLoss Drop = "loss"
	// DropTooBig: more than a black hole lets pass.
	DropTooBig Drop = "too_big"
	// DropSilent: the node never answers.
	DropSilent Drop = "silent"
	// DropNoService: the target does not answer this protocol.
	DropNoService Drop = "no_service"
	// DropNoAddress: the node has no address to answer from.
	DropNoAddress Drop = "no_address"
	// DropUnanswerable: nobody answers such a packet with an ICMP error.
	DropUnanswerable Drop = "unanswerable"
	// DropRateLimited: beyond the node's answers per second.
	DropRateLimited Drop = "rate_limited"
	// DropAnswerLoss: the answer was lost.
	DropAnswerLoss Drop = "answer_loss"
	// DropTranslation: a translator found no connection that the answer's
	// quote belongs to.
	DropTranslation Drop = "translation"
	// DropExpired: the answer's TTL ended on its way back.
	DropExpired Drop = "expired"
)

// Counters tells what became of the packets that a [Network] handled.
type Counters struct {
	// Packets is the number of packets handled.
	Packets uint64
	// Answers is the number of deliveries, duplicates and spoofed included.
	Answers uint64
	// Dropped counts packets and answers by the reason they went nowhere.
	Dropped map[Drop]uint64
}

// Counters returns a copy of what has been counted so far.
func (n *Network) Counters() Counters {
	c := n.counters
	c.Dropped = maps.Clone(c.Dropped)
	return c
}

func (n *Network) drop(why Drop) []Delivery {
	n.counters.Dropped[why]++
	return nil
}
