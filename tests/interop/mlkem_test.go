package interop

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// noMLKEM says why the peer cannot: strongSwan has additional key exchanges from 6.0 on,
// and Debian 12, which the matrix runs with, has 5.9.8. One of its own in the folder of
// peers (IKELAB_PEERS) is taken for a newer one.
func noMLKEM() string {
	if _, err := os.Stat(filepath.Join(peersFolder(), "/usr/sbin/swanctl")); err != nil {
		return "that of Debian 12 has no additional key exchanges; 6.1.0 passes (tests/interop/doc.go)"
	}
	return ""
}

// mlkem gives our router an additional key exchange with the methods that are named.
func mlkem(methods string) string {
	return "crypto ikev2 proposal P\nencryption aes-gcm-256\nprf sha384\ngroup 19\npqc " + methods
}

// beside gives its pairs one, too.
func beside(method string) string { return "\ncrypto ipsec profile P\nset pfs group19 pqc " + method }

func mlkemChild(method string) string {
	return "esp_proposals = aes128gcm16-ecp256-ke1_" + method + "\nlocal_ts = INNER/32\nremote_ts = INSIDE.0/24"
}

// mlkem: RFC 9370 and RFC 9242, whoever begins, and rekeys of both kinds from both ends:
// both ends want an additional key exchange each time.
func (m *matrix) mlkem(t *testing.T, c cell) {
	m.bothBegin(t, c)
	log := m.peer.ask(t, "sh grep '<"+c.name()+"|' /run/charon.log")
	require.Contains(t, log, "IKE_INTERMEDIATE")
	require.Contains(t, log, "IKE_FOLLOWUP_KE")
}
