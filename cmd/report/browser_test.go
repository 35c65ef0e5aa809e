package report_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
)

var shots = flag.String("shots", "", "write screenshots of the pages to this folder")

// browser opens Chromium, which looks nothing up of its own accord. It has a minute for
// everything.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium, of Debian")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(2*time.Minute))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// requests are what a page asked for.
type requests struct {
	mu  sync.Mutex
	all []string
}

func (r *requests) listen(event any) {
	if e, ok := event.(*network.EventRequestWillBeSent); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, e.Request.URL)
	}
}

// In a browser the pages ask for nothing, fit the width of a phone, follow the choice of
// light or dark, and print.
func TestBrowser(t *testing.T) {
	ctx := browser(t)
	var asked requests
	if err := chromedp.Listen(ctx, asked.listen); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"trace": writeTrace(t, sampleHeader(), sampleTrace(), nil),
		"none":  writeTrace(t, sampleHeader(), littleTraces()["nothing"], nil),
		"bench": write(t, benchtest.Result()),
	} {
		file := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		location := (&url.URL{Scheme: "file", Path: file}).String()
		for _, width := range []int64{320, 360, 768, 1280} {
			looks(t, ctx, name, location, width)
		}
		prints(t, ctx, name)
	}
	for _, u := range asked.all {
		if !strings.HasPrefix(u, "file://") || !strings.HasSuffix(u, ".html") {
			t.Errorf("a page asks for %s", u)
		}
	}
	if len(asked.all) < 3*4*2 {
		t.Errorf("saw %d requests: the pages themselves are not among them", len(asked.all))
	}
}

// looks opens a page in light and dark at a width.
func looks(t *testing.T, ctx context.Context, name, location string, width int64) {
	t.Helper()
	grounds := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		fits, ground, shot := look(t, ctx, location, scheme, width)
		if fits.Page > width || fits.Window != width {
			t.Errorf("%s is %d wide in a window of %d, want %d", name, fits.Page, fits.Window, width)
		}
		if fits.Sunk > 0 || name != "none" && fits.Drawings == 0 {
			t.Errorf("%s at %d: %d drawings are seen, %d stand out of the page", name, width, fits.Drawings, fits.Sunk)
		}
		grounds[scheme] = ground
		keep(t, shot, fmt.Sprintf("%s-%s-%d.png", name, scheme, width))
	}
	if grounds["light"] == grounds["dark"] {
		t.Errorf("%s is %s, light or dark", name, grounds["dark"])
	}
}

// fit is what measurePage returns.
type fit struct {
	Page     int64 `json:"page"`
	Window   int64 `json:"window"`
	Drawings int64 `json:"drawings"`
	Sunk     int64 `json:"sunk"`
}

// look opens a page, and returns how it fits, its background, and a picture.
func look(t *testing.T, ctx context.Context, location, scheme string, width int64) (fit, string, []byte) {
	t.Helper()
	err := chromedp.Do(ctx, viewport(width), prefers(scheme), chromedp.Navigate(location))
	fits, err2 := chromedp.Run(ctx, chromedp.Evaluate[fit](measurePage))
	ground, err3 := chromedp.Run(ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))
	shot, err4 := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err := errors.Join(err, err2, err3, err4); err != nil {
		t.Fatalf("%s: %v", location, err)
	}
	return fits, ground, shot
}

func viewport(width int64) chromedp.Action[chromedp.Void] {
	if width > 700 {
		return chromedp.EmulateViewport(width, 800, chromedp.EmulateScale(1))
	}
	return chromedp.EmulateViewport(width, 800, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulatePortrait)
}

// prefers sets what the user prefers, light or dark.
func prefers(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// measurePage says how wide the page is, how many drawings are seen, and how many of them
// stand out on the right.
const measurePage = `(() => {
	const seen = [...document.querySelectorAll("svg")].map(s => s.getBoundingClientRect()).filter(r => r.width > 0);
	return {
		page: document.documentElement.scrollWidth, window: window.innerWidth, drawings: seen.length,
		sunk: seen.filter(r => r.right > window.innerWidth + 1).length,
	};
})()`

func prints(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("%s: no PDF, %v", name, err)
	}
	keep(t, pdf, name+".pdf")
}

// keep writes a picture, if they are wanted.
func keep(t *testing.T, shot []byte, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*shots, name), shot, 0o644); err != nil {
		t.Fatal(err)
	}
}
