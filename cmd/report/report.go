package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
)

//go:embed page.html
var pageText string

//go:embed parts.html
var partsText string // what pages share

//go:embed style.css
var style string

var page = parse(pageText, style)

// parse makes a template of a page with its style, once it is asked for: most runs
// write no page, and should not wait for one.
func parse(text, style string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		t := template.New("page").Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(style) }})
		return template.Must(template.Must(t.Parse(partsText)).Parse(text))
	})
}

// Write writes the page. Text that comes from the network, such as names, is
// escaped. Nothing is written if the page can't be made.
func Write(w io.Writer, r *bench.Result) error {
	v, err := newView(r)
	if err != nil {
		return err
	}
	return execute(w, page, v)
}

func execute(w io.Writer, page func() *template.Template, v any) error {
	var buf bytes.Buffer
	if err := page().Execute(&buf, v); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}
