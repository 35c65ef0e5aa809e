package cli

import "testing"

func TestUTF8Locale(t *testing.T) {
	for _, tt := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", true}, // as under sudo or cron: what there is then shows UTF-8
		{"", "", "en_GB.UTF-8", true}, {"", "", "C.utf8", true}, {"", "", "C", false},
		{"C", "", "en_GB.UTF-8", false}, {"", "de_DE.UTF-8", "C", true}, {"POSIX", "C.UTF-8", "C.UTF-8", false},
	} {
		env := map[string]string{"LC_ALL": tt.all, "LC_CTYPE": tt.ctype, "LANG": tt.lang}
		if got := utf8Locale(func(name string) string { return env[name] }); got != tt.want {
			t.Errorf("%v: %v", env, got)
		}
	}
}
