// Package paths tells one path from another, by who answers: whether it changed
// while it was probed, whether packets take several by turns, and whether it comes
// back to where it was.
package paths
