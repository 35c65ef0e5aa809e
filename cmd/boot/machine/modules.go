package machine

import (
	"path"
	"slices"

	"github.com/ebpftrace/ebpftrace/cmd/boot/cpio"
	"github.com/ebpftrace/ebpftrace/cmd/boot/guest"
	"github.com/ebpftrace/ebpftrace/cmd/boot/module"
)

// needed are the wires to the host, without which there is no machine.
var needed = []string{"virtio_pci", "virtio_console"}

// wanted are loaded in every machine whose kernel has them, with what they
// depend on: what labs and tests are made of.
var wanted = []string{
	"veth", "dummy", "tun", "8021q", "macvlan", "bonding", "bridge", "vrf", "ifb", "wireguard",
	"sch_ingress", "cls_bpf", "cls_u32", "cls_flower", "cls_matchall", "act_bpf", "act_gact", "act_mirred", "sch_netem", "sch_fq", "sch_tbf",
	"nf_tables", "nft_ct", "nft_counter", "nft_limit", "nft_chain_nat", "nft_nat", "nft_masq", "nft_redir", "nft_reject_inet",
}

// merged are modules that became part of another one: nft_counter in Linux 5.18.
var merged = map[string]string{"nft_counter": "nf_tables"}

// parameters of modules that would make devices when they are loaded.
var parameters = map[string]string{"bonding": "max_bonds=0", "dummy": "numdummies=0", "ifb": "numifbs=0"}

// split returns those of the wanted modules that the kernel has, and those that
// it lacks.
func split(tree *module.Tree) (there, lacking []string) {
	for _, name := range wanted {
		switch {
		case tree.Has(name):
			there = append(there, name)
		case !tree.Has(merged[name]):
			lacking = append(lacking, name)
		}
	}
	return there, lacking
}

// addModules adds the kernel modules and returns them in the order of loading,
// and the names of those that are not to be had.
func (o Options) addModules(w *cpio.Writer) (all []guest.Module, lacking []string, err error) {
	tree, err := module.Open(o.Kernel.Modules)
	if err != nil {
		return nil, nil, err
	}
	there, lacking := split(tree)
	modules, err := tree.Load(slices.Concat(needed, there, o.Modules)...)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range modules {
		name := path.Join("/lib/modules", o.Kernel.Release, m.Name+".ko")
		w.File(name, 0o644, m.Image)
		all = append(all, guest.Module{File: name, Parameters: parameters[m.Name]})
	}
	return all, lacking, nil
}
