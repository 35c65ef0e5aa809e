// Package doctor looks at what a trace needs of this host, and says for each
// thing what is there, what that costs in precision or function, and which command
// mends it.
//
// It works in three steps. Looks gather [Facts], each in a bounded time, by trying
// things where that is harmless, so that a version number is believed only where
// nothing else can be had. Checks judge the facts, each for one line, without
// touching the host again. The last line sums up which clock --timing auto takes.
//
// Nothing is changed for good, and nothing is sent but a byte to loopback. With
// CAP_SYS_ADMIN the programs are loaded and attached for a moment, in a network
// namespace that is made for it and goes away again.
package doctor
