package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/loader"
)

// leaveOut says what was asked for in vain, and does not go to the trouble of it. That
// is no mistake: what is asked for may be a default, and the format the exception.
func (o *options) leaveOut(stderr io.Writer) {
	if o.hooks != "" && (o.timing == "socket" || o.timing == "user") {
		fmt.Fprintf(stderr, "ebpftrace: --attach %s: left out, for --timing %s takes no eBPF programs\n", o.hooks, o.timing)
		o.hooks = loader.Hooks("")
	}
	f, err := o.formatted()
	if err != nil || o.mtu || o.multipath.on {
		return
	}
	var words []string
	for _, w := range o.wishes() {
		if w.asked && f.Lacks(w.wish) {
			words = append(words, string(w.wish))
			w.drop()
		}
	}
	if words != nil {
		fmt.Fprintf(stderr, "ebpftrace: --format %s has no place for %s: left out; --json has\n", f.Name, strings.Join(words, ", "))
	}
}

// wish is something that was asked for, or not, and how not to do it.
type wish struct {
	wish  output.Wish
	asked bool
	drop  func()
}

// wishes are those whose results end in the output alone. A recording and a page have
// a place for them all.
func (o *options) wishes() []wish {
	if o.save != "" || o.report != "" {
		return nil
	}
	return []wish{
		{output.WishNetworks, o.origins.on || o.origins.systems != "", func() { o.origins.on, o.origins.systems = false, "" }},
		{output.WishPlaces, o.origins.places != "", func() { o.origins.places = "" }},
		{output.WishStamps, o.stamps, func() { o.stamps = false }},
		{output.WishDiff, o.boxes.diff, func() { o.boxes.diff = false }},
		{output.WishBack, o.boxes.back, func() { o.boxes.back = false }},
		{output.WishLoss, o.loss, func() { o.loss = false }},
	}
}
