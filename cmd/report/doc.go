// Package report writes what was measured, or found of a path or of all paths, as a
// page: one HTML file that needs
// nothing else, neither scripts nor the network, in the reader's light or dark,
// for a screen of any width and for paper.
//
// Plots are SVG, drawn twice, wide and narrow, of which the style shows one. Their
// colours are names that the style defines, so that they change with the page.
package report
