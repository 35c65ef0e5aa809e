package cli_test

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
)

// kindAt is where a frame says of which kind it is: the last byte of the source
// address.
const kindAt = 11

// countAndPass is the XDP program. It counts, for nobody else does: how often an
// interrupted test run ran its program is not told.
func countAndPass(passed *ebpf.Map) *ebpf.ProgramSpec {
	return &ebpf.ProgramSpec{Type: ebpf.XDP, License: "GPL", Instructions: asm.Instructions{
		asm.LoadMem(asm.R2, asm.R1, 0, asm.Word), // data
		asm.LoadMem(asm.R3, asm.R1, 4, asm.Word), // its end
		asm.Mov.Reg(asm.R4, asm.R2),
		asm.Add.Imm(asm.R4, kindAt+1),
		asm.JGT.Reg(asm.R4, asm.R3, "pass"),
		asm.LoadMem(asm.R4, asm.R2, kindAt, asm.Byte),
		asm.StoreMem(asm.R10, -4, asm.R4, asm.Word),
		asm.Mov.Reg(asm.R2, asm.R10),
		asm.Add.Imm(asm.R2, -4),
		asm.LoadMapPtr(asm.R1, passed.FD()),
		asm.FnMapLookupElem.Call(),
		asm.JEq.Imm(asm.R0, 0, "pass"),
		asm.LoadMem(asm.R1, asm.R0, 0, asm.DWord),
		asm.Add.Imm(asm.R1, 1),
		asm.StoreMem(asm.R0, 0, asm.R1, asm.DWord),
		asm.Mov.Imm(asm.R0, 2).WithSymbol("pass"), // XDP_PASS
		asm.Return(),
	}}
}
