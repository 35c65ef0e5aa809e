package cli

import (
	"slices"

	"github.com/spf13/pflag"
)

// checkEmpty refuses flags that are given nothing, as by a script whose variable is not
// set, unless that takes back a default.
func checkEmpty(flags *pflag.FlagSet, defaults [][]setFlag) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.Type() == "string" && f.Value.String() == "" && !hasDefault(f.Name, defaults) {
			err = usage("--%s is given nothing: give a value, or leave the flag out", f.Name)
		}
	})
	return err
}

func hasDefault(name string, levels [][]setFlag) bool {
	return slices.ContainsFunc(levels, func(level []setFlag) bool {
		return slices.ContainsFunc(level, func(s setFlag) bool { return s.name == name })
	})
}
