// Package loader turns the programs of package bpf into running links and a
// stream of stamped answers. It knows kernels and capabilities, so that nobody
// else has to.
package loader
