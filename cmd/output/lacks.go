package output

import "slices"

// Wish is something that a user may ask for and that not all formats have a place for;
// it reads as the flag that asks for it.
type Wish string

// The wishes.
const (
	WishNetworks Wish = "-A"
	WishPlaces   Wish = "--geo-db"
	WishStamps   Wish = "--stamps"
	WishDiff     Wish = "--diff"
	WishBack     Wish = "--back"
	WishLoss     Wish = "--loss"
)

// ofTrace are those for what a trace shows, which peers' formats know nothing of.
var ofTrace = []Wish{WishStamps, WishDiff, WishBack, WishLoss}

// lacking lists, by format, what it has no place for.
var lacking = map[string][]Wish{
	"csv":        ofTrace,
	"markdown":   {WishStamps},
	"traceroute": append([]Wish{WishPlaces}, ofTrace...),
	"mtr":        append([]Wish{WishPlaces}, ofTrace...),
	"atlas":      append([]Wish{WishNetworks, WishPlaces}, ofTrace...),
	"scamper":    append([]Wish{WishNetworks, WishPlaces}, ofTrace...),
	"prometheus": ofTrace,
}

// Lacks reports that the format has no place for what is wished for.
func (f Format) Lacks(w Wish) bool { return slices.Contains(lacking[f.Name], w) }
