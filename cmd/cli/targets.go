package cli

import (
	"io"
	"net/netip"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// maxTargets bounds the targets of one call: what all of them say is kept in memory
// until it is their turn.
const maxTargets = 10_000

// maxName is the longest name of a host (RFC 1035, section 2.3.4), and some room for
// an address's zone.
const maxName = 255

// targets are the hosts that one call traces to.
type targets struct {
	files []string // to read more from; "-": standard input
	stdin io.Reader
	from  string // what was read last, in words
	hosts []string
	// repeated counts those that were named before, and are traced to once.
	repeated int
	known    map[string]bool
}

// read finds the hosts among the arguments and in the file. A last argument of digits
// behind a single host is a packet length, as traceroute(8) has it: it is returned.
func (t *targets) read(args []string) (size int, err error) {
	if len(t.files) == 0 && len(args) == 2 && digits(args[1]) {
		if size, err = packetLength(args[1]); err != nil {
			return 0, err
		}
		args = args[:1]
	}
	for _, arg := range args {
		if arg == "-" {
			err = t.readFile(arg)
		} else {
			err = t.add(arg)
		}
		if err != nil {
			return 0, err
		}
	}
	for _, name := range t.files {
		if err := t.readFile(name); err != nil {
			return 0, err
		}
	}
	if len(t.hosts) == 0 {
		err = t.none()
	}
	return size, err
}

func (t *targets) none() error {
	if t.from != "" {
		return usage("no host in %s: write one a line", t.from)
	}
	return usage("no host: give the name or address to trace to, as in: ebpftrace example.org")
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func packetLength(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return 0, usage("packet length %q: give the bytes of the whole packet, 1 to 65535", s)
	}
	return n, nil
}

// add takes a host unless it is there already.
func (t *targets) add(host string) error {
	switch {
	case host == "":
		return usage("a host is empty: give a name or address")
	case len(host) > maxName:
		return usage("host %.20q...: a name has at most %d characters", host, maxName)
	case t.known[key(host)]:
		t.repeated++
		return nil
	case len(t.hosts) == maxTargets:
		return usage("more than %d targets: share them out among several calls", maxTargets)
	}
	if t.known == nil {
		t.known = make(map[string]bool)
	}
	t.known[key(host)] = true
	t.hosts = append(t.hosts, host)
	return nil
}

// key is alike for two ways to write the same address or name.
func key(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().String()
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func (t *targets) flags(f *pflag.FlagSet) {
	f.Var(filesFlag{&t.files}, "targets", "trace to the hosts in this file as well, one a line, # comments\n"+
		"(-: standard input); also -i FILE")
	way := f.Lookup("interface")
	way.Value = named{wayFlag{way.Value, filesFlag{&t.files}}, "DEVICE|FILE"}
	way.Usage = "leave by this interface; if there is none of that name, or it has a /,\n" +
		"it is a file of targets"
}

// prepare reads the targets, and finds what contradicts itself.
func (o *options) prepare(c *cobra.Command, t *targets, args []string) (err error) {
	t.stdin, o.commands = c.InOrStdin(), visible(c)
	if o.size, err = t.read(args); err != nil {
		return err
	}
	if err := o.checkInterface(); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if len(t.hosts) > 1 && (o.multipath.on || o.save != "" || o.report != "") {
		return usage("%d targets: --multipath, --save and --report are for one", len(t.hosts))
	}
	return o.checkMTU(c.Flags())
}
