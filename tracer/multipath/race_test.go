//go:build race

package multipath

func init() { raced = true }
