// Package live shows a path that is measured round after round: on a terminal, with
// keys, or as a report when the rounds are over.
//
// Three parts do not know more of each other than they need: the engine makes the
// rounds and tells of each; the model holds what they found out, and what was typed;
// the view draws the model into any width and height.
package live
