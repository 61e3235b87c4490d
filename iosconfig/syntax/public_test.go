package syntax

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPublic: neither what is marked as a secret nor what no command
// understands is told.
func TestPublic(t *testing.T) {
	nothing := func(*int, Args) error { return nil }
	table := NewTable("", []Command[int]{
		{Syntax: "pre-shared-key / [{local|remote}] / {0 <key:secret-line>|hex <hex:secret-hex>|<key:secret-line>}", Set: nothing, Clear: nothing},
		{Syntax: "user <name:word> [secret <it:secret>]", Set: nothing},
		{Syntax: "show {version|clock}", Set: nothing},
		{Syntax: "description <text:line>", Set: nothing},
	})
	for line, want := range map[string]string{
		"  pre-shared-key cisco":       "  pre-shared-key <removed>",
		"pre loc 0 cisco and more":     "pre loc 0 <removed>",
		"pre-shared-key hex 00ff":      "pre-shared-key hex <removed>",
		"pre-shared-key hex 00fg":      "pre-shared-key hex <removed>",
		"prse-shared-key cisco":        "<removed>",
		"pre-shared-ky cisco":          "<removed>",
		"cisco":                        "<removed>",
		"user u secrt cisco":           "user u <removed>",
		"user u secret cisco too much": "user u secret <removed>",
		"show cisco":                   "show <removed>",
		"sh ver":                       "sh ver",
		"sh":                           "sh",
		"description of a peer":        "description of a peer",
		"pre-shared-key \x01cisco":     "<removed>",
		"pre-shared-key caf\xe9":       "<removed>",
		"":                             "",
	} {
		require.Equal(t, want, table.Public(line, Form{}), line)
		m, err := table.Parse(line)
		if err == nil {
			require.Equal(t, want, m.Args.Public(line), line)
		}
	}
	require.Equal(t, "no pre-shared-key <removed>", table.Public("no pre-shared-key cisco", Form{From: 3, Negated: true}))
	require.Equal(t, "no <removed>", table.Public("no show version", Form{From: 3, Negated: true}))
}

// TestPublicText: a key of a text is not told, nor what follows words that come before keys.
func TestPublicText(t *testing.T) {
	for text, want := range map[string]string{
		"aaa authorization group psk list L P": "aaa authorization group psk list L P",
		"wpa psk list":                         "wpa psk <removed>",
		"psk cisco here":                       "psk <removed>",
		"group psk list L password x":          "group psk list L password <removed>",
	} {
		require.Equal(t, want, PublicText(text))
	}
}
