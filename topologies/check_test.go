package topologies

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/form"
)

// TestCheckTellsOfMissingKeys: a configuration with a certificate that a profile proves itself by says
// that the key is not in it; one with nobody who uses it says nothing.
func TestCheckTellsOfMissingKeys(t *testing.T) {
	chain := "crypto pki trustpoint TP\n enrollment pkcs12\n revocation-check none\ncrypto pki certificate chain TP\n certificate 02\n  3000\n  \tquit\n"
	profile := "crypto ikev2 profile P\n match identity remote any\n authentication local rsa-sig\n authentication remote pre-share key K\n"
	c := CheckConfig("r.cfg", chain+profile, "")
	require.Len(t, c.Warnings, 1, c.Warnings)
	require.Equal(t, 4, c.Warnings[0].Line)
	require.Contains(t, c.Warnings[0].Message, "private key of the certificate of trustpoint TP")
	require.Empty(t, CheckConfig("r.cfg", chain, "").Warnings)
	require.Empty(t, CheckConfig("r.cfg", chain+profile+" pki trustpoint TP verify\n", "").Warnings)
}

func TestCheckConfig(t *testing.T) {
	c := CheckConfig("r1.cfg", "hostname A\n!\ninterface Loopback0\n ip address 10.0.0.1 255.255.255.0\nend\n", "")
	require.Empty(t, c.Errors)
	require.Empty(t, c.Warnings)
	got := CheckConfig("r1.cfg", "interface Loopback0\n\tip adress 1.1.1.1\n", "").Errors
	require.Equal(t, "r1.cfg:2:7: % Invalid input detected at '^' marker.\n\tip adress 1.1.1.1\n\t     ^", got.Error())
}

// TestHostileFile: what a file holds neither acts on a terminal nor fills it.
func TestHostileFile(t *testing.T) {
	for text, want := range map[string]string{
		"hostname \x1b[31mred\x07\n":   "f:1:10: % Invalid input detected at '^' marker.\nhostname \\x1b[31mred\\x07\n         ^",
		"\x00\xff\u202eabc\n":          "f:1:1: % Invalid input detected at '^' marker.\n\\x00\\xff\\u202eabc\n^",
		"hostname caf\xe9\n":           "f:1:13: % Invalid input detected at '^' marker.\nhostname caf\\xe9\n            ^",
		"interface ü0/0\n":             "f:1:11: % Invalid input detected at '^' marker.\ninterface ü0/0\n          ^",
		"hostname R1 \x1b]0;title\x07": "f:1:13: % Invalid input detected at '^' marker.\nhostname R1 \\x1b]0;title\\x07\n            ^",
	} {
		wrong := CheckConfig("f", text, "").Errors
		require.Equal(t, want, wrong.Error())
	}
	for _, line := range []string{strings.Repeat("x", 1<<20), strings.Repeat("ä ", 1<<19), "hostname R1 " + strings.Repeat("\x07", 1<<20)} {
		wrong := CheckConfig("f", line+"\n!\n"+line, "").Errors
		require.Len(t, wrong, 2)
		require.Less(t, len(wrong.Error()), 1200)
		for _, r := range wrong.Error() {
			require.True(t, r == '\n' || unicode.IsPrint(r))
		}
	}
	require.Equal(t, `\x1b.yml:1:1: \x9b `+strings.Repeat("y", 495)+"...",
		form.Problem{File: "\x1b.yml", Line: 1, Column: 1, Message: "\u009b " + strings.Repeat("y", 1000)}.Error())
	_, err := Parse("f.yml", []byte("name: x\ntopology: {nodes: {R1: {kind: ios, "+strings.Repeat("k", 1<<20)+": 1}, \"R\\e2\": {kind: ios}}}\n"), nil)
	require.Less(t, len(err.Error()), 2000)
	require.NotContains(t, err.Error(), "\x1b")
	require.Equal(t, "\tip adress\n\t     ^", form.Caret("\tip adress", 7))
}
