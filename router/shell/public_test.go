package shell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/operator"
)

// TestNoSecretIsRecorded, however wrong the line is that holds it and wherever
// it is typed.
func TestNoSecretIsRecorded(t *testing.T) {
	const secret = "S3cret"
	lines := []string{
		"pre-shared-key S3cret", "prse-shared-key S3cret", "pre-shared-ky S3cret", "pre-shared-key lcal S3cret", "pre-shared-key hex S3cret",
		"no pre-shared-key S3cret", "nopre-shared-key S3cret", "default pre-shared-ke S3cret", "do pre-shared-key S3cret", "S3cret", "pre-shared-key local 0 S3cret S3cret",
		"enable secret S3cret", "enable secet S3cret", "enable password 0 S3cret", "enable S3cret", "username u secret S3cret", "username u privilege 15 passwd S3cret",
		"crypto isakmp key S3cret address 0.0.0.0", "snmp-server community S3cret RO", "authentication local pre-share key S3cret", "authentication local pre-share kee S3cret",
		"password S3cret", "show running-config | include S3cret", "do show running-config | incl S3cret", "show running-config | inlcude S3cret", "kye\tS3cret",
		"banner motd #", "pre-shared-key S3cret", "#", "pre-shared-key S3cret\x01", "pre-shared-key " + strings.Repeat("S3cret", 1000),
	}
	for _, mode := range [][]string{
		{}, {"configure terminal"}, {"configure terminal", "crypto ikev2 keyring K", "peer P"}, {"configure terminal", "crypto ikev2 profile F"},
		{"configure terminal", "line vty 0 4"}, {"configure terminal", "interface Ethernet0/0"},
	} {
		for _, line := range lines {
			term := privileged(t)
			for _, l := range mode {
				term.typed(l)
			}
			term.typed(line)
			for _, b := range term.seen {
				if typed, ok := b.(operator.Typed); ok {
					require.NotContains(t, typed.Text, secret, "%v %s", mode, line)
				}
			}
		}
	}
}

// TestRecordedIsWhatWasTyped as far as it is understood.
func TestRecordedIsWhatWasTyped(t *testing.T) {
	term := privileged(t)
	for _, row := range [][2]string{
		{"conf t", "conf t"}, {"do sh ver", "do sh ver"}, {"do sh vxr", "do sh <removed>"}, {"do sh run | inc key", "do sh run | include <removed>"},
		{" crypto ikev2 keyring K", " crypto ikev2 keyring K"}, {"peer P", "peer P"}, {"no pre-shared-key local cisco", "no pre-shared-key local <removed>"},
		{"interface Ethernet0/0", "interface Ethernet0/0"}, {"username admin secret x", "username admin secret <removed>"},
		{"enable secret 5 $1$abcd1234$2uW3ulNSsCppUKwdkf7Nd/", "enable secret 5 <removed>"}, {"end", "end"}, {"sh clock | json", "sh clock | json"}, {"shw clock", "<removed>"},
	} {
		term.seen = nil
		term.typed(row[0])
		require.Equal(t, row[1], term.seen[0].(operator.Typed).Text)
	}
}

// TestBannerIsText: no prompt stands before its lines, and `?` and Tab mean
// nothing.
func TestBannerIsText(t *testing.T) {
	term := privileged(t)
	term.typed("configure terminal")
	require.Equal(t, "Enter TEXT message.  End with the character '#'.\n", term.typed("banner motd #"))
	require.Equal(t, Text, term.Awaits())
	require.Empty(t, term.Prompt())
	require.Empty(t, term.typed("Who are you?"))
	require.Empty(t, term.typed("#"))
	require.Equal(t, Command, term.Awaits())
	require.Equal(t, "Router1(config)#", term.Prompt())
	require.Contains(t, term.typed("do show running-config | begin banner"), "banner motd ^C\nWho are you?\n^C\n")
}
