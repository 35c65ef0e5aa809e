// Package cli is the command line: it reads what was asked for, opens what that
// needs, runs it, and turns the outcome into output and an exit status.
package cli
