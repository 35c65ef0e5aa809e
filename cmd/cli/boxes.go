package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// boxOptions is what the command line says of boxes on the way: what is sent past
// them, and what is told of them.
type boxOptions struct {
	ecn, dscp  codepoint
	diff, back bool
}

func (o *boxOptions) flags(f *pflag.FlagSet) {
	o.ecn.names, o.dscp.names, o.ecn.max, o.dscp.max = ecns, dscps, 3, 63
	f.Var(&o.ecn, "ecn", "ECN codepoint to send: not-ect|ect0|ect1|ce or 0 to 3 (of -T\nthe IP header's alone: the SYN does not ask for ECN)")
	f.Var(&o.dscp, "dscp", "DSCP to send, by name (ef, af41, cs1) or 0 to 63")
	f.BoolVar(&o.diff, "diff", false, "show what boxes on the way changed, and between which hops")
	f.BoolVar(&o.back, "back", false, "show the likely length of each answer's way back")
}

// ecns are the codepoints of RFC 3168, 5.
var ecns = map[string]int{"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3}

// dscps are the names of the IANA registry (RFC 2474, 2597, 3246, 5865, 8622).
var dscps = map[string]int{
	"be": 0, "df": 0, "le": 1, "va": 44, "ef": 46,
	"cs0": 0, "cs1": 8, "cs2": 16, "cs3": 24, "cs4": 32, "cs5": 40, "cs6": 48, "cs7": 56,
	"af11": 10, "af12": 12, "af13": 14, "af21": 18, "af22": 20, "af23": 22,
	"af31": 26, "af32": 28, "af33": 30, "af41": 34, "af42": 36, "af43": 38,
}

// codepoint is a flag that takes a name or a number up to max.
type codepoint struct {
	names map[string]int
	max   int
	value int
	given bool
}

func (c *codepoint) String() string { return "" }
func (c *codepoint) Type() string   { return "NAME" }

func (c *codepoint) Set(s string) error {
	value, known := c.names[strings.ToLower(s)]
	if !known {
		if err := (bounded{&value, 0, c.max}).Set(s); err != nil {
			return fmt.Errorf("give a name as in --help, or a number from 0 to %d", c.max)
		}
	}
	c.value, c.given = value, true
	return nil
}

// trafficClass puts the TOS byte or traffic class together. Bits of -t that are
// not 0 have to agree with what is given by name.
func (o *boxOptions) trafficClass(tos int) (uint8, error) {
	if o.dscp.given {
		if tos>>2 != 0 && tos>>2 != o.dscp.value {
			return 0, usage("-t %d and --dscp %d contradict each other: leave one out", tos, o.dscp.value)
		}
		tos = o.dscp.value<<2 | tos&3
	}
	if o.ecn.given {
		if tos&3 != 0 && tos&3 != o.ecn.value {
			return 0, usage("the ECN bits of -t %d and --ecn %d contradict each other: leave --ecn out, or give a multiple of 4 to -t", tos, o.ecn.value)
		}
		tos |= o.ecn.value
	}
	return uint8(tos), nil
}
