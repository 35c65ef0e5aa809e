package report

import (
	"fmt"
	"image/color"
	"regexp"
	"slices"
	"strings"
)

// inks are the colours of plots by the names of their CSS variables. The drawing
// library knows colours alone, so an ink is drawn as one that stands for it.
var inks = []string{
	"ink", "faint", "grid", "plain",
	"kernel", "driver-tcx", "tcx-receive", "tcx", "socket", "user",
	"send-call", "queue", "network", "receive-path", "wake-up",
}

// ink returns the colour that stands for a name. One not listed is plain.
func ink(name string) color.RGBA {
	i := slices.Index(inks, name)
	if i < 0 {
		i = slices.Index(inks, "plain")
	}
	return color.RGBA{0, 0, uint8(16 + i), 255}
}

// hex returns a colour as the library writes it, rounding errors included.
func hex(c color.RGBA) string {
	_, _, b, a := c.RGBA()
	return fmt.Sprintf("#0000%02X", int(float64(b)*(255.0/float64(a))))
}

var anyHex = regexp.MustCompile(`#[0-9A-F]{6}\b`)

// restore puts the names back.
func restore(svg string) string {
	names := map[string]string{}
	for _, name := range inks {
		names[hex(ink(name))] = "var(--" + name + ")"
	}
	return anyHex.ReplaceAllStringFunc(svg, func(h string) string {
		if name, ok := names[h]; ok {
			return name
		}
		return "var(--ink)"
	})
}

// slug returns the name of the ink for a source or a part of the way. What spans
// the network is drawn as the network, whatever else it holds.
func slug(name string) string {
	if strings.Contains(name, "network") {
		return "network"
	}
	name = strings.NewReplacer("+", "-", " ", "-").Replace(name)
	if !slices.Contains(inks, name) {
		return "plain"
	}
	return name
}
