package doctor

import (
	"errors"
	"slices"
	"strings"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
)

// wanted are the capabilities that the nearest stamps need.
var wanted = []cap.Value{cap.BPF, cap.NET_ADMIN, cap.NET_RAW, cap.PERFMON}

// Capabilities are those of wanted that this process is without.
type Capabilities struct {
	// Missing are not in its effective set, nor included in CAP_SYS_ADMIN.
	Missing []cap.Value
	// Barred are not in its bounding set either: neither sudo nor setcap give
	// them, as in a container.
	Barred []cap.Value
}

func lookCapabilities(host) (c Capabilities, err error) {
	err = loader.CheckCapabilities(cap.NET_RAW, cap.PERFMON)
	if lacking := (*loader.CapabilityError)(nil); errors.As(err, &lacking) {
		c.Missing, err = lacking.Missing, nil
	}
	for _, v := range c.Missing {
		if bound, err := cap.GetBound(v); err == nil && !bound {
			c.Barred = append(c.Barred, v)
		}
	}
	return c, err
}

// lacking returns which of these this process is without.
func (f *Facts) lacking(need ...cap.Value) (without []cap.Value) {
	c, _ := f.Capabilities.Get()
	for _, v := range need {
		if slices.Contains(c.Missing, v) {
			without = append(without, v)
		}
	}
	return without
}

// names returns capabilities as capabilities(7) writes them.
func names(all []cap.Value) string {
	words := make([]string, len(all))
	for i, v := range all {
		words[i] = strings.ToUpper(v.String())
	}
	return strings.Join(words, ", ")
}

func judgeCapabilities(f *Facts) Result {
	c, err := f.Capabilities.Get()
	if err != nil {
		return unseen(err)
	}
	if len(c.Missing) == 0 {
		return f.inUserNamespace(Result{Status: OK, Found: names(wanted)})
	}
	r := Result{Status: Missing, Found: "none of " + names(wanted)}
	if len(c.Missing) < len(wanted) {
		has := slices.DeleteFunc(slices.Clone(wanted), func(v cap.Value) bool { return slices.Contains(c.Missing, v) })
		r.Found = names(has) + "; not " + names(c.Missing)
	}
	switch {
	case len(f.lacking(cap.BPF, cap.NET_ADMIN)) > 0:
		r.Cost = "no kernel timing"
		if len(f.lacking(cap.NET_RAW)) > 0 {
			r.Cost += "; no raw sockets: " + datagramCost
		}
	case len(f.lacking(cap.NET_RAW)) > 0:
		r.Cost = "no raw sockets, so no kernel timing: " + datagramCost
	default:
		r.Status, r.Cost = Degraded, "no driver stamp: "+driverCost
	}
	r.Mend, r.Note = f.grant(c)
	return f.inUserNamespace(r)
}

// inUserNamespace adds that capabilities are worth little there.
func (f *Facts) inUserNamespace(r Result) Result {
	if p, err := f.Process.Get(); err != nil || !p.UserNamespace {
		return r
	}
	r.Status, r.Found = Missing, r.Found+" (in a user namespace)"
	r.Cost = "no kernel timing: the kernel wants these of its initial user namespace"
	r.Mend, r.Note = "", "run it outside of the user namespace, or in a container that is not rootless"
	return r
}

// grant tells how this process could be given them.
func (f *Facts) grant(c Capabilities) (mend, note string) {
	p, err := f.Process.Get()
	setcap := "setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep "
	switch {
	case err == nil && p.NoNewPrivs:
		return "", "no_new_privs is set: neither sudo nor file capabilities work here; have whatever starts it grant the capabilities"
	case len(c.Barred) > 0:
		return "", "neither sudo nor file capabilities help, for the bounding set lacks " + names(c.Barred) +
			"; in Docker: --cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN --cap-add NET_RAW"
	case err != nil:
		return "", "run it with sudo"
	case p.NoSUID:
		return f.sudo(quote(p.Executable)), "file capabilities have no effect on the file system that it is on (nosuid)"
	}
	return f.sudo(setcap + quote(p.Executable)), "or run it with sudo"
}
