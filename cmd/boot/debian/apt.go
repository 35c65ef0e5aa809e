package debian

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// releases are those of Debian whose kernels are offered.
var releases = []string{"bullseye", "bookworm"}

const (
	mirror  = "http://deb.debian.org"
	keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
)

// sources returns the sources.list of the releases and their security updates.
func (c Cache) sources() string {
	var b strings.Builder
	from := cmp.Or(c.Mirror, mirror)
	for _, release := range releases {
		fmt.Fprintf(&b, "deb [signed-by=%s] %s/debian %s main\n", keyring, from, release)
		fmt.Fprintf(&b, "deb [signed-by=%s] %s/debian-security %s-security main\n", keyring, from, release)
	}
	return b.String()
}

func (c Cache) apt() string { return filepath.Join(c.own(), "apt") }

// offered returns the newest package that matches of those that the mirror has
// now.
func (c Cache) offered(ctx context.Context, pattern *regexp.Regexp) (string, error) {
	for _, dir := range []string{"state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(c.apt(), dir), 0o755); err != nil {
			return "", err
		}
	}
	if err := os.WriteFile(filepath.Join(c.apt(), "sources.list"), []byte(c.sources()), 0o644); err != nil {
		return "", err
	}
	if _, err := c.run(ctx, "", "apt-get", "-q", "update"); err != nil {
		return "", err
	}
	found, err := c.run(ctx, "", "apt-cache", "search", "--names-only", pattern.String())
	if err != nil {
		return "", err
	}
	var names []string
	for line := range strings.Lines(found) {
		name, _, _ := strings.Cut(line, " ")
		names = append(names, name)
	}
	if name := newestOf(names, pattern); name != "" {
		return name, nil
	}
	return "", fmt.Errorf("%v in %s: %w", pattern, strings.Join(releases, ", "), ErrUnknown)
}

// get downloads and unpacks a package. It appears in the cache when it is
// whole.
func (c Cache) get(ctx context.Context, name string) error {
	scratch, err := os.MkdirTemp(c.Dir, "get-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if _, err := c.run(ctx, scratch, "apt-get", "-q", "download", name); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(scratch, "*.deb"))
	if err != nil || len(files) != 1 {
		return errors.Join(err, fmt.Errorf("apt-get download %s left %d packages", name, len(files)))
	}
	unpacked := filepath.Join(scratch, "unpacked")
	if _, err := c.run(ctx, scratch, "dpkg-deb", "-x", files[0], unpacked); err != nil {
		return err
	}
	return os.Rename(unpacked, filepath.Join(c.packages(), name))
}

// run returns the standard output of a command in dir, for which apt's
// configuration is the cache's.
func (c Cache) run(ctx context.Context, dir string, argv ...string) (string, error) {
	if strings.HasPrefix(argv[0], "apt-") {
		argv = append(argv, c.settings()...)
	}
	var problem bytes.Buffer
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Stderr = dir, &problem
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(argv[:2], " "), err, bytes.TrimSpace(problem.Bytes()))
	}
	return string(out), nil
}

// settings keep apt off the system's files. Its user for downloads could not
// write to the cache.
func (c Cache) settings() (args []string) {
	for _, setting := range []string{
		"Dir::State=" + filepath.Join(c.apt(), "state"),
		"Dir::State::status=/dev/null",
		"Dir::Cache=" + filepath.Join(c.apt(), "cache"),
		"Dir::Etc::sourcelist=" + filepath.Join(c.apt(), "sources.list"),
		"Dir::Etc::sourceparts=-",
		"APT::Architecture=" + c.arch(),
		"APT::Architectures=" + c.arch(),
		"APT::Sandbox::User=root",
	} {
		args = append(args, "-o", setting)
	}
	return args
}
