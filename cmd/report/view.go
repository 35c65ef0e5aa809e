package report

import (
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
)

// view is what the page shows.
type view struct {
	Target, Started      string
	Facts                []fact
	Headline             string
	Sources, Parts       []key
	RTT, Excess, Stacked figure
	Total                group
	Hops                 []hop
	Outcome              string
	Remarks              []string
}

type fact struct{ Name, Value string }

// key is an entry of a legend. Line says that it stands for a line, of Dashes.
type key struct {
	Name, Class, Words string
	Line               bool
	Dashes             string
}

// hop is a TTL; it has a group for each address that answered.
type hop struct {
	TTL    int
	Fate   string
	Groups []group
}

type group struct {
	Label, Address string
	Answered       int
	Sources        []source
	Division       []part
	Others         int64
	Plot           figure
}

type source struct {
	Name, Class         string
	Count               int64
	P50, P90, P99, Max  string
	Jitter              string
	Over50, Over99, Top string
}

type part struct{ Name, Class, P50, P99 string }

func newView(r *bench.Result) (*view, error) {
	v := &view{
		Target: r.Target(), Started: r.Started.UTC().Format(time.RFC1123),
		Facts: facts(r), Headline: headline(r), Outcome: r.Outcome(), Remarks: r.Remarks(),
	}
	for _, s := range r.Path.Total.Sources.All() {
		v.Sources = append(v.Sources, key{s.Timing.Name, slug(s.Timing.Name), points(s), true, dashArray(s.Timing.Name)})
	}
	for _, c := range r.Columns() {
		v.Parts = append(v.Parts, key{Name: c, Class: slug(c), Words: explained[c]})
	}
	if err := v.draw(r); err != nil {
		return nil, err
	}
	for _, h := range r.Path.Hops() {
		hop, err := newHop(r, h)
		if err != nil {
			return nil, err
		}
		v.Hops = append(v.Hops, hop)
	}
	v.Total = newGroup(&r.Path.Total, false)
	return v, nil
}
