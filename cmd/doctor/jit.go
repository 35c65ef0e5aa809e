package doctor

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
)

// JIT is whether programs are compiled.
type JIT struct {
	// Compiled is what became of a program that was loaded.
	Compiled bool
	// Tried is nil if that is known.
	Tried error
	// Setting is net.core.bpf_jit_enable, which is there in the initial network
	// namespace alone, for root; empty: not seen.
	Setting string
}

func lookJIT(h host) (j JIT, err error) {
	text, err := fs.ReadFile(h.root, "proc/sys/net/core/bpf_jit_enable")
	j.Setting = strings.TrimSpace(string(text))
	j.Compiled, j.Tried = tryJIT()
	if j.Tried != nil && err != nil {
		return j, fmt.Errorf("the sysctl net.core.bpf_jit_enable and loaded programs: %w", err)
	}
	return j, nil
}

// tryJIT loads a program and asks how long its machine code is.
func tryJIT() (compiled bool, err error) {
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type:         ebpf.SchedCLS,
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
	})
	if err != nil {
		return false, err
	}
	defer p.Close()
	info, err := p.Info()
	if err != nil {
		return false, err
	}
	_, err = info.JitedSize()
	return err == nil, nil
}

func judgeJIT(f *Facts) Result {
	j, err := f.JIT.Get()
	switch {
	case err != nil && len(f.lacking(loadNeeds...)) > 0:
		return Result{Status: Unknown, Found: "not seen: needs " + names(f.lacking(loadNeeds...))}
	case err != nil:
		return Result{Status: Unknown, Found: "not seen: no program could be loaded, and net.core.bpf_jit_enable is not shown here"}
	case j.Tried == nil && j.Compiled:
		return Result{Status: OK, Found: "programs are compiled (tried)"}
	case j.Tried != nil && j.Setting != "0":
		return Result{Status: OK, Found: "net.core.bpf_jit_enable is " + j.Setting}
	}
	r := Result{Status: Degraded, Found: "programs are interpreted", Mend: f.sudo("sysctl -w net.core.bpf_jit_enable=1")}
	r.Cost = "programs take several times as long, and stamps come later by it"
	if j.Setting == "" {
		r.Mend, r.Note = "", "set net.core.bpf_jit_enable to 1 in the host's own network namespace, if its kernel has CONFIG_BPF_JIT"
	}
	return r
}
