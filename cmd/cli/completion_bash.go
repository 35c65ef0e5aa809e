package cli

import (
	"bytes"
	"io"

	"github.com/spf13/cobra"
)

// The completions that the library writes take words apart with the package
// bash-completion, and print an error for each Tab where that is missing. Then what bash
// itself takes for a word will do: nothing that we complete holds a colon.
const (
	byPackage = "    _get_comp_words_by_ref \"$@\" cur prev words cword\n"
	byItself  = `    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    cur=${words[cword]} prev=${words[cword - 1]}
`
)

func bashCompletion(c *cobra.Command, w io.Writer) error {
	var b bytes.Buffer
	if err := c.GenBashCompletionV2(&b, true); err != nil {
		return err
	}
	_, err := w.Write(bytes.Replace(b.Bytes(), []byte(byPackage), []byte(byItself), 1))
	return err
}
