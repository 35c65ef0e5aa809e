package cli_test

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// times are the numbers in which two traces may differ.
var times = regexp.MustCompile(`[0-9]+\.[0-9]+ ms`)

// Apart from the times, `--format traceroute` is what traceroute(8) writes. (Its SYNs
// are of another length.) It waits for two seconds, lest a busy machine cost it answers.
func TestFormatTraceroute(t *testing.T) {
	needsTool(t, "traceroute")
	for _, name := range []string{"clean", "silent_hop", "unreachable_host", "clean_long"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // traceroute waits for silence, hop by hop
			l := simulated(t, name)
			for _, flags := range []string{"-4", "-6", "-4 -n", "-4 -I", "-4 -f 3 -q 2"} {
				theirs := within(t, l, append(append([]string{"traceroute", "-m", "20", "-w", "2,0,0"}, strings.Fields(flags)...), "target.lab")...)
				ours := within(t, l, ebpftrace(flags+" -m 20 --gap-limit 30 --format traceroute", "target.lab")...)
				if got, want := times.ReplaceAllString(ours.stdout, "T ms"), times.ReplaceAllString(theirs.stdout, "T ms"); got != want {
					t.Errorf("%s: got\n%s\nwant\n%s\n%s", flags, got, want, ours.stderr)
				}
			}
		})
	}
}

// Another program's parser of traceroute(8)'s output finds what was traced.
func TestFormatTracerouteIsParsed(t *testing.T) {
	needsTool(t, "jc")
	l := chain(t, 2)
	ours := within(t, l, ebpftrace("-4 --format traceroute", "target.lab")...)
	jc := exec.Command("jc", "--traceroute")
	jc.Stdin = strings.NewReader(ours.stdout)
	text, err := jc.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Target string `json:"destination_ip"`
		Hops   []struct {
			Hop    int
			Probes []struct {
				IP  string
				RTT float64
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if target := l.Nodes()[3].V4.String(); got.Target != target || len(got.Hops) != 3 {
		t.Fatalf("%+v, want three hops to %s", got, target)
	}
	for i, hop := range got.Hops {
		if hop.Hop != i+1 || len(hop.Probes) != 3 || hop.Probes[0].IP != l.Nodes()[i+1].V4.String() || hop.Probes[2].RTT <= 0 {
			t.Errorf("hop %d: %+v", i+1, hop)
		}
	}
}

// The JSON of other tracers has the fields that theirs has, and of the same types.
func TestFormatsOfPeers(t *testing.T) {
	l := chain(t, 2)
	target := l.Nodes()[3].V4.String()
	for _, tt := range []struct {
		format string
		argv   []string
		more   []string // what theirs has only at times
	}{
		{"mtr", []string{"mtr", "-4", "--json", "-n", "-u", "-c", "3", "-i", "0.1", target}, nil},
		{"scamper", []string{"scamper", "-O", "json", "-I", "trace -P udp-paris -q 3 " + target}, []string{"hops[].name"}},
	} {
		needsTool(t, tt.argv[0])
		theirs := fields(t, "trace", within(t, l, tt.argv...).stdout)
		ours := fields(t, "trace", within(t, l, ebpftrace("-4 -n --format "+tt.format, target)...).stdout)
		for _, name := range tt.more {
			delete(ours, name)
		}
		if !maps.Equal(ours, theirs) {
			t.Errorf("%s: got\n%v\nwant\n%v", tt.format, list(ours), list(theirs))
		}
	}
}

// fields returns the paths of all fields of a document, with their types; of several
// lines, in the one of that type.
func fields(t *testing.T, kind, text string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for d := json.NewDecoder(strings.NewReader(text)); d.More(); {
		var document any
		if err := d.Decode(&document); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if object := document.(map[string]any); object["type"] == nil || object["type"] == kind {
			walk(all, "", document)
		}
	}
	return all
}

func walk(all map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, field := range v {
			walk(all, strings.TrimPrefix(path+"."+name, "."), field)
		}
	case []any:
		for _, element := range v {
			walk(all, path+"[]", element)
		}
	case float64:
		all[path] = "number"
	default:
		all[path] = "text"
	}
}

func list(fields map[string]string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, name+" "+fields[name])
	}
	return all
}

// needsTool skips a test for want of a program.
func needsTool(t *testing.T, name string) {
	t.Helper()
	needsRoot(t)
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("needs %s, of Debian", name)
	}
}

// Each answer is told when it comes: long before a trace is over that waits for more.
func TestFormatStreams(t *testing.T) {
	l := simulated(t, "silent_target")
	p := root.command("--format", "jsonl", "-n", "-w", "60,0,0", l.Nodes()[len(l.Nodes())-1].V4.String())
	p.Cmd.Stdout = nil
	pipe, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.startAt(t, l)
	untilAnswers(t, pipe, 15)
	p.signal(t, os.Interrupt)
	if err := p.Wait(); err == nil {
		t.Error("interrupted, and status 0")
	}
}

// untilAnswers reads lines of JSON until so many answers were told.
func untilAnswers(t *testing.T, r io.Reader, n int) {
	t.Helper()
	told := 0
	for lines := bufio.NewScanner(r); told < n && lines.Scan(); {
		if strings.Contains(lines.Text(), `"type":"probe"`) && strings.Contains(lines.Text(), `"answered"`) {
			told++
		}
	}
	if told < n {
		t.Errorf("told of %d answers before the end, want %d", told, n)
	}
}
