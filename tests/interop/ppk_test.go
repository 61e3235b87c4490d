package interop

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// ppkRequired gives our router a post-quantum preshared key.
const ppkRequired = "crypto ikev2 profile P\nkeyring ppk K\ncrypto ikev2 keyring K\npeer P\nppk manual id q key quantum required"

// quantumSafe: RFC 8784, whoever begins. Both require the key, so without it nothing comes
// up.
func (m *matrix) quantumSafe(t *testing.T, c cell) {
	m.bothBegin(t, c)
	require.Contains(t, m.peer.ask(t, "sh grep '<"+c.name()+"|' /run/charon.log"), "using PPK for PPK_ID 'q'")
}
