package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/names"
	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// originOptions is what the command line says of addresses' networks.
type originOptions struct {
	on              bool
	systems, places string // files
}

func (o *originOptions) flags(f *pflag.FlagSet) {
	f.BoolVarP(&o.on, "as", "A", false, "tell the autonomous system of each hop, by DNS (Team Cymru)")
	f.StringVar(&o.systems, "asn-db", "", "the same, from this MMDB file: asks nobody")
	f.StringVar(&o.places, "geo-db", "", "tell country and city of each hop, from this MMDB file")
}

// openOrigins opens what networks are found by, if they are wanted, and returns what
// closes it.
func (o *options) openOrigins(ctx context.Context) (func(), error) {
	var sources []origin.Source
	var files []*origin.Database
	done := func() {
		for _, f := range files {
			f.Close()
		}
	}
	if o.origins.on && o.origins.systems == "" {
		sources = append(sources, &origin.Cymru{Resolver: net.DefaultResolver})
	}
	for _, f := range []struct{ flag, file string }{{"--asn-db", o.origins.systems}, {"--geo-db", o.origins.places}} {
		if f.file == "" {
			continue
		}
		d, err := origin.Open(f.file)
		if err != nil {
			done()
			return nil, usage("%s: %w", f.flag, err)
		}
		files, sources = append(files, d), append(sources, d)
	}
	if len(sources) > 0 {
		o.networks = origin.New(context.WithoutCancel(ctx), names.Limits{}, sources...)
	}
	return done, nil
}

// graceOrigins is for what is over, or all but: a file has answered by then anyway.
const graceOrigins = 50 * time.Millisecond

// unknownOrigins says how many networks could not be asked for, and why: that there is
// none beside an address would else mean that it is in none.
func (o *options) unknownOrigins(stderr io.Writer) {
	if o.networks == nil {
		return
	}
	n, why := o.networks.Failures()
	switch {
	case n > 0:
		fmt.Fprintf(stderr, "ebpftrace: -A: %s without an answer: %s; --asn-db asks a file instead\n", output.Count(n, "question"), output.Safe(reason(why)))
	case o.origins.on && o.origins.systems == "" && !o.networks.Wait(graceOrigins):
		fmt.Fprintln(stderr, "ebpftrace: -A: not all answers came in the time that the trace waits for them; --asn-db asks a file instead")
	}
}
