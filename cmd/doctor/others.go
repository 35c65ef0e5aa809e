package doctor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/loader"
)

// others is what is on the interface beside our programs, and what that can do.
type others struct {
	found, costs []string
}

func (o *others) add(place string, all []string) {
	if len(all) > 0 {
		o.found = append(o.found, place+": "+strings.Join(all, ", "))
	}
}

// behind notes programs that a probe meets after ours. An answer has been stamped
// by then.
func (o *others) behind(egress bool) {
	cost := "those behind ours on egress may drop, redirect or rewrite probes; a rewritten one has no driver stamp"
	if egress && !slices.Contains(o.costs, cost) {
		o.costs = append(o.costs, cost)
	}
}

func judgeOthers(f *Facts) Result {
	d, err := f.Device.Get()
	if err != nil {
		return Result{Status: Unknown, Found: "no interface to look at"}
	}
	o := &others{}
	o.xdp(d)
	tcx, unseenTCX := f.TCX.Get()
	o.tcx("ingress", tcx.Ingress)
	o.tcx("egress", tcx.Egress)
	filters, err := f.Filters.Get()
	if err != nil {
		return unseen(err)
	}
	o.filters(f, filters)
	r := Result{Status: OK, Found: strings.Join(o.found, "; "), Cost: strings.Join(o.costs, "; ")}
	if len(o.costs) > 0 {
		r.Status = Degraded
	}
	if unseenTCX != nil && !errors.Is(unseenTCX, errors.ErrUnsupported) {
		r.Found = strings.Join(append(o.found, "tcx: "+unseenTCX.Error()), "; ")
		if r.Status == OK {
			r.Status = Unknown
		}
	}
	if r.Found == "" {
		r.Found = "none on " + d.Name
	}
	return r
}

// xdp notes the one program that comes before all of tc.
func (o *others) xdp(d Device) {
	if d.XDP == nil {
		return
	}
	o.add("XDP", []string{d.XDP.String()})
	o.costs = append(o.costs, "XDP comes before ours: an answer that it drops or redirects is not seen")
}

// tcx notes programs of tcx, which all come behind ours, since it goes to the head.
// Another run of ours rewrites nothing.
func (o *others) tcx(hook string, all []Program) {
	var words []string
	for _, p := range all {
		ours := p.Name == bpf.KernelProgStampProbe || p.Name == bpf.KernelProgStampAnswer
		if !ours {
			o.behind(hook == "egress")
		}
		words = append(words, p.String())
	}
	o.add("tcx "+hook, words)
}

// filters notes filters. Where ours is one too, some may come before it.
func (o *others) filters(f *Facts, all []Filter) {
	all = slices.DeleteFunc(slices.Clone(all), Filter.own)
	way, _, err := f.hooks()
	for _, at := range hooks {
		var words []string
		var before []Filter
		if err == nil && way == loader.Clsact {
			before = ahead(all, at.name)
		}
		for _, x := range all {
			if x.Hook != at.name {
				continue
			}
			words = append(words, x.String())
			if slices.Contains(before, x) {
				o.costs = append(o.costs, fmt.Sprintf("%s %v comes before ours and may end the chain", x.Hook, x))
			} else {
				o.behind(x.Hook == "egress")
			}
		}
		o.add(at.name+" filters", words)
	}
}
