package tests

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhyOfIdentities: what mends a profile that matches nobody is a line for the kind of identity that
// came, which the router takes, and with which the tunnel comes up.
func TestWhyOfIdentities(t *testing.T) {
	const profile, any, keyring = "crypto ikev2 profile IKEV2-SETUP", " match identity remote address 0.0.0.0", "\n keyring local KEYRNG\n"
	var cases []whyCase
	for _, row := range [][2]string{
		{"address 198.51.100.7", "address 198.51.100.7 255.255.255.255"}, {"address 2001:DB8::7", "address 2001:DB8::7/128"},
		{"fqdn r2.example.com", "fqdn r2.example.com"}, {"email r2@example.com", "email r2@example.com"}, {"key-id branch-2", "key-id branch-2"},
	} {
		mend := "match identity remote " + row[1]
		edits := []string{"R2", keyring, "\n identity local " + row[0] + keyring, "R1", any, " match identity remote fqdn else.where"}
		typed := []string{"R1: configure terminal", "R1: " + profile, "R1: " + mend, "R1: end", "wait 2m"}
		cases = append(cases,
			whyCase{row[0], edits, []string{"wait 2m"}, []whyAnswer{{tunnel: "R1 Tunnel0", cause: "auth.identity", says: []string{"to type: R1: " + profile + ": " + mend + "\n"}}}},
			whyCase{row[0] + ", mended", edits, typed, []whyAnswer{{tunnel: "R1 Tunnel0"}, {tunnel: "R2 Tunnel0"}}})
	}
	require.NotEmpty(t, cases)
	whyCases(t, "psk-site-to-site", cases)
}
