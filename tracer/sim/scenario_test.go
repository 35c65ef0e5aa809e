package sim

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseErrors(t *testing.T) {
	for name, test := range map[string]struct{ second, want string }{
		"unknown key":     {"colour = 1", `line 16: unknown key "node.colour"`},
		"syntax":          {"delay", "line 16"},
		"type":            {`silent = "yes"`, "line 16"},
		"duration":        {`late = "soon"`, "soon"},
		"negative":        {`late = "-1s"`, "not from 0 to 1h"},
		"eternity":        {`late = "2h"`, "not from 0 to 1h"},
		"address":         {`address_per_answer = ["x"]`, "line 16"},
		"balance":         {`balance = "luck"`, `node "second": balance: "luck" is none of`},
		"quote":           {`quote = "all"`, "is none of full, rfc792"},
		"udp":             {`udp = "synack"`, "udp:"},
		"tcp":             {`tcp = "echo"`, "tcp:"},
		"unreachable":     {`unreachable = "me"`, "unreachable:"},
		"loss":            {"loss = 1.5", "loss: 1.5 is no probability"},
		"answer loss":     {"answer_loss = -0.1", "answer_loss:"},
		"loss of nothing": {"loss = nan", "loss:"},
		"duplicate":       {"duplicate = -1", "duplicate:"},
		"mtu":             {"mtu = 10", "mtu:"},
		"dscp":            {"dscp = 64", "dscp:"},
		"rate":            {"rate_limit = { rate = 1.0 }", "rate_limit:"},
		"label":           {"mpls = [{ label = 1048576 }]", "mpls:"},
		"interface":       {"interface_info = { name = 'x' }", "interface_info:"},
		"spoof":           {`spoof = { v4 = "::1" }`, "v4: ::1 is not an IPv4"},
		"restore":         {`nat = { restore = ["face"] }`, "nat: restore:"},
		"nat family":      {`nat = { v6 = "192.0.2.1" }`, "nat: v6:"},
		"next":            {"[[node]]\nname = 'x'\nnext = ['nowhere']", `next of x: there is no node "nowhere"`},
		"same name":       {"[[node]]\nname = 'first'", `two nodes are named "first"`},
		"no name":         {"[[node]]", "node number 3 has no name"},
		"same address":    {"[[node]]\nname = 'x'\nv4 = '198.18.1.1'", "both have address 198.18.1.1"},
		"zone":            {"[[node]]\nname = 'x'\nv6 = 'fe80::1%eth0'", "without zone"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(chainText(test.second, "")))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestParseNeedsEntryAndTarget(t *testing.T) {
	for _, line := range []string{`entry = "first"`, `target = "last"`} {
		_, err := Parse([]byte(strings.Replace(chainText("", ""), line, "", 1)))
		if err == nil || !strings.Contains(err.Error(), strings.Fields(line)[0]) {
			t.Errorf("without %s: error %v", line, err)
		}
	}
	if _, err := Parse([]byte(chainText("", "[truth]\nhops = [{ nodes = ['nobody'] }]"))); err == nil {
		t.Error("a truth about nobody was taken")
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.toml")
	must(t, os.WriteFile(path, []byte(chainText("", "")), 0o600))
	s, err := Load(path)
	must(t, err)
	if len(s.Nodes) != 3 || s.TargetAddr(false) != last4 || s.TargetAddr(true) != last6 {
		t.Errorf("loaded %+v", s)
	}
	if _, err := Load("no_such"); err == nil || !strings.Contains(err.Error(), "lab --list") {
		t.Errorf("error %v, want where the names are", err)
	}
	if _, err := Load(path + ".toml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want that of the file", err)
	}
}
