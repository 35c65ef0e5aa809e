package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
)

//go:embed page.html
var pageText string

//go:embed style.css
var style string

var page = template.Must(template.New("page").
	Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(style) }}).
	Parse(pageText))

// Write writes the page. Text that comes from the network, such as names, is
// escaped. Nothing is written if the page can't be made.
func Write(w io.Writer, r *bench.Result) error {
	v, err := newView(r)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := page.Execute(&buf, v); err != nil {
		return err
	}
	_, err = w.Write(buf.Bytes())
	return err
}
