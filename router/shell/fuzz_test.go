package shell

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFilter: whatever stands behind a bar, what is shown is lines of what there
// is, or one refusal.
func FuzzFilter(f *testing.F) {
	for _, text := range []string{"include ip", "begin ^interface", "section crypto", "section exclude !", "count .", "json", "exclude _", "i (", "e [a-", "b \\", "s a{1000}", "", "| include x"} {
		f.Add(text)
	}
	whole := newTerminal(f, Options{Privileged: true}).typed("show running-config")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\n") {
			return
		}
		term := newTerminal(t, Options{Privileged: true})
		term.Help("show running-config | " + text)
		term.Complete("show running-config | " + text)
		require.LessOrEqual(t, len(term.typed("show running-config | "+text)), 2*len(whole)+4*len(text)+200)
		require.False(t, term.Busy())
	})
}

// modes are ways into the modes of a terminal.
var modes = []string{
	"", "configure terminal", "configure terminal\ninterface Tunnel0", "configure terminal\ncrypto ikev2 proposal P", "configure terminal\ncrypto ikev2 policy P",
	"configure terminal\ncrypto ikev2 keyring K", "configure terminal\ncrypto ikev2 keyring K\npeer P", "configure terminal\ncrypto ikev2 profile P",
	"configure terminal\ncrypto ipsec transform-set T esp-aes", "configure terminal\ncrypto ipsec profile P", "configure terminal\nline vty 0 4", "disable",
	"configure terminal\ncrypto ikev2 authorization policy A", "configure terminal\ncrypto ikev2 client flexvpn F", "configure terminal\ncrypto ikev2 cluster", "configure terminal\nip access-list standard S", "configure terminal\nip access-list extended E", "configure terminal\nipv6 access-list E6", "configure terminal\ninterface Ethernet0/0.1",
	"configure terminal\ntrack 1 list boolean and", "configure terminal\nip sla 1", "configure terminal\nip sla 1\nicmp-echo 10.0.0.1",
	"configure terminal\ncontrol-plane", "configure terminal\ninterface Null0", "configure terminal\ncrypto map M 10 ipsec-isakmp",
	"configure terminal\nrouter bgp 1", "configure terminal\nrouter bgp 1\naddress-family ipv4", "configure terminal\nip sla 1", "configure terminal\nvrf definition RED", "configure terminal\nvrf definition RED\naddress-family ipv4",
	"configure terminal\ninterface Ethernet0/0\nvrrp 1 address-family ipv4",
}

// TestWaysIntoModes: each mode that the rows of configuration have is among them.
func TestWaysIntoModes(t *testing.T) {
	var names []string
	for _, line := range modes {
		term := newTerminal(t, Options{Privileged: true})
		for enter := range strings.SplitSeq(line, "\n") {
			term.typed(enter)
		}
		_, name, _ := strings.Cut(strings.Trim(term.Prompt(), ")#>"), "(")
		names = append(names, name)
	}
	written := regexp.MustCompile(`"((?:config|cfg|ipsec)-[a-z0-9-]+)"`)
	files, err := filepath.Glob("../../iosconfig/rows/*/*.go")
	require.NoError(t, err)
	all := 0
	for _, file := range files {
		if base := filepath.Base(file); strings.HasPrefix(base, "text_") || base == "routing_rows.go" {
			continue // modes of what is kept as text are all of one kind
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range written.FindAllStringSubmatch(string(text), -1) {
			if m[1] == "config-save" { // a banner's
				continue
			}
			require.Contains(t, names, m[1], file)
			all++
		}
	}
	require.Greater(t, all, 14)
}

// FuzzModes: `?` and Tab anywhere in a line, in every mode, change nothing and
// complete to something that begins alike.
func FuzzModes(f *testing.F) {
	for i, line := range []string{"sh", "int", "tunnel mode ", "enc", "pro", "address 10.0.0.1 ", "pre-shared-key ", "match identity ", "mode ", "set ", "exec-", "en", "permit 10.0.0.0 ", "permit ip any ", "", "", "set "} {
		f.Add(uint8(i), line)
	}
	f.Fuzz(func(t *testing.T, mode uint8, line string) {
		term := newTerminal(t, Options{Privileged: true})
		for enter := range strings.SplitSeq(modes[int(mode)%len(modes)], "\n") {
			term.typed(enter)
		}
		prompt := term.Prompt()
		for end := range line {
			term.Help(line[:end])
			term.Complete(line[:end])
		}
		require.Empty(t, term.shown())
		require.Equal(t, prompt, term.Prompt())
	})
}
