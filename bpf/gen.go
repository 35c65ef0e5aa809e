// Package bpf holds the kernel half: programs that stamp a probe on its way out
// and join it with its answer on the way in.
//
// ebpftrace.c holds the programs that a trace cannot do without, driver.c one that
// it can, in an object of its own for kernels and rights that don't allow it.
//
// contract.h says what both halves agree on; the Go declarations here are
// generated from it, and the objects are committed, so that building needs
// neither clang nor libbpf's headers. Package loader is the one user.
package bpf

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -cc clang-19 -strip llvm-strip-19 -no-global-types -type event -type config -type probe -type counter -type answer_flag -output-stem kernel Kernel ebpftrace.c -- -I.. -Wall -Wextra -Werror
//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -cc clang-19 -strip llvm-strip-19 -no-global-types -output-stem driver Driver driver.c -- -I.. -Wall -Wextra -Werror
