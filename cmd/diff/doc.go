// Package diff compares two traces: the path, the round-trip times and the losses of
// each hop, and whether the target was reached.
//
// Hops are aligned so that the least has changed (edit distance): one hop more in
// the middle does not make all that follow it differ. Hops are the same where an
// address answered in both traces. One that was silent in one of them is not known
// to differ.
//
// Few samples tell little, so shifts are called by what is improbable without one:
// round-trip times by the rank sum test of Wilcoxon, Mann and Whitney, which asks for
// no particular distribution, losses by Fisher's exact test, both two-sided, at 5 %
// over all hops together (Bonferroni). With three samples each the rank test can't
// reach that however far they lie apart; then, if all samples of one trace exceed all
// of the other, that is said with a "perhaps". Samples of one trace are taken within a
// second or so, and what held then need not hold for the day: compare more than two.
//
// Of two searches for all paths, the graphs are compared; see [CompareWays].
package diff
