package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"":                            nil,
		"  -q 5\t--numeric \r\n":      {"-q", "5", "--numeric"},
		"# all":                       nil,
		"-q 5 # five":                 {"-q", "5"},
		"--load quota=3%#x":           {"--load", "quota=3%#x"},
		`--report "a b" 'c "d"'`:      {"--report", "a b", `c "d"`},
		`--report= "" x''y`:           {"--report=", "", "xy"},
		`--report "#1"`:               {"--report", "#1"},
		"-n\u00a0no-break":            {"-n\u00a0no-break"},
		`--report a" "b --source=''c`: {"--report", "a b", "--source=c"},
	} {
		if got, err := words(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", line, got, err, want)
		}
	}
	if _, err := words(`-q "5`); err == nil || !strings.Contains(err.Error(), "not closed") {
		t.Errorf("%v, want that a quote is not closed", err)
	}
}

// configured sets the environment and the user's file for a test.
func configured(t *testing.T, environment, file string) (path string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv(optionsVariable, environment)
	path = filepath.Join(dir, userFile)
	if file != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// The command line comes before the environment, and that before the file.
func TestDefaults(t *testing.T) {
	for _, tt := range []struct {
		name, environment, file, args string
		want                          options
	}{
		{"none", "", "", "", options{}},
		{"file", "", "# mine\n-q 7\n\n--numeric # fast\n", "", options{numeric: true, size: 7}},
		{"environment first", "-q 8", "-q 7 -n", "", options{numeric: true, size: 8}},
		{"command line first", "-q 8", "-q 7", "-q 9", options{size: 9}},
		{"switched off", "", "-n", "--numeric=false", options{}},
		{"switched off by nothing", "--report x -q 7", "", "--report=", options{size: 7}},
		{"the last of a file", "", "-q 7\n-q 6", "", options{size: 6}},
		{"another protocol", "", "-T -p 443", "-I", options{icmp: true}},
		{"another protocol by the environment", "-I", "-T -p 443", "", options{icmp: true}},
		{"the same protocol", "", "-T", "-p 443", options{tcp: true, port: 443}},
		{"a port is none of ICMP's", "", "-I", "-p 443", options{port: 443}},
		{"another family", "-4", "", "-6", options{ipv6: true}},
		{"another format", "--format csv", "", "--json", options{json: true}},
		{"none wanted", "-q 8", "nonsense", "--no-defaults", options{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			configured(t, tt.environment, tt.file)
			got, err := filled(strings.Fields(tt.args))
			if err != nil {
				t.Fatal(err)
			}
			got.size = got.config.Queries // a field that is a plain number
			if got.icmp != tt.want.icmp || got.tcp != tt.want.tcp || got.port != tt.want.port || got.numeric != tt.want.numeric ||
				got.size != tt.want.size || got.ipv4 != tt.want.ipv4 || got.ipv6 != tt.want.ipv6 || got.json != tt.want.json ||
				got.json && got.format != "table" {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// filled returns the options that a command line makes.
func filled(args []string) (*options, error) {
	o := &options{}
	c := newTrace("ebpftrace", nil, nil)
	c.ResetFlags()
	o.flags(c.Flags())
	noDefaults(c.Flags())
	if err := c.ParseFlags(args); err != nil {
		return nil, err
	}
	return o, fillIn(c)
}

// A default that makes no sense is one line that says where it stands; nothing is
// traced.
func TestDefaultsRefused(t *testing.T) {
	for _, tt := range []struct{ environment, file, want string }{
		{"--quieries 3", "", "EBPFTRACE_OPTIONS: unknown flag: --quieries: did you mean --queries?"},
		{"-q 0", "", "EBPFTRACE_OPTIONS: invalid argument \"0\" for \"-q, --queries\" flag: give a whole number from 1 to 100"},
		{"-q", "", "EBPFTRACE_OPTIONS: flag needs an argument"},
		{"example.org", "", `EBPFTRACE_OPTIONS: "example.org" is no flag`},
		{"--targets x", "", "EBPFTRACE_OPTIONS: unknown flag: --targets"},
		{"-h", "", "EBPFTRACE_OPTIONS: help is no default"},
		{"", "# mine\n-q 5\n-q none\n", "FILE, line 3: invalid argument"},
		{"", "-n\n--timing sundial\n-q 5\n", `FILE, line 2: --timing "sundial": use one of`},
		{"", "-4\n-n\n-6\n-q 5\n", "FILE, line 3: -4 and -6 exclude each other"},
		{"", "--source 'x\n", "FILE, line 1: a quote ' is not closed"},
		{"", strings.Repeat("# much\n", 10_000), "FILE: not a file of at most 64 KiB"},
	} {
		file := configured(t, tt.environment, tt.file)
		want := "ebpftrace: " + strings.ReplaceAll(tt.want, "FILE", file)
		for _, command := range []string{"", "trace", "bench"} {
			status, stdout, stderr := run(append(strings.Fields(command), "127.0.0.1")...)
			if status != ExitUsage || stdout != "" || !strings.HasPrefix(stderr, want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("%q %q: status %d, %q%q; want a line with %q", tt.environment, tt.file, status, stdout, stderr, want)
			}
		}
		if status, _, stderr := run("lab", "--list"); status != 0 {
			t.Errorf("a command without defaults reads them: %s", stderr)
		}
	}
}

// Lines that make sense together only are no mistake.
func TestDefaultsTogether(t *testing.T) {
	if got, err := parseDefaults("file", "-f 40\n-m 64\n"); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

// Defaults come to what is run: an address of the other family is refused.
func TestDefaultsReachCommands(t *testing.T) {
	configured(t, "", "-6\n")
	for _, command := range []string{"", "trace", "bench"} {
		_, _, stderr := run(append(strings.Fields(command), "127.0.0.1")...)
		if !strings.Contains(stderr, "127.0.0.1 is no IPv6 address") {
			t.Errorf("%q: %q, want that the family of the file is asked for", command, stderr)
		}
	}
}
