package iosconfig

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A public key, and what `ssh-keygen -l -E md5` says of it.
const (
	ed25519Key  = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
	ed25519Hash = "65962DFCE8D5A911640C0FEA006E5BBD"
)

// TestSSHKeys: a key-string may come in one line or in many, bare or as a file of OpenSSH
// has it, and is whole when its octets are (RFC 4253 6.6: "The key type MUST
// always be explicitly known").
func TestSSHKeys(t *testing.T) {
	for _, lines := range [][]string{
		{ed25519Key}, {ed25519Key[:20], ed25519Key[20:41], ed25519Key[41:]}, {"ssh-ed25519 " + ed25519Key + " ann@host"}, {" " + ed25519Key[:30] + " ", ed25519Key[30:]},
	} {
		u := &SSHUser{Name: "ann"}
		u.BeginKey()
		for _, line := range lines {
			require.Empty(t, u.Keys)
			require.True(t, u.TypeKey(line))
		}
		require.Equal(t, []SSHKey{{Kind: "ssh-ed25519", Hash: ed25519Hash}}, u.Keys)
	}
	octets, err := base64.StdEncoding.DecodeString(ed25519Key)
	require.NoError(t, err)
	require.True(t, SSHKey{Kind: "ssh-ed25519", Hash: strings.ToLower(ed25519Hash)}.Is(octets))
	require.False(t, SSHKey{Kind: "ssh-rsa", Hash: ed25519Hash}.Is(octets))
	require.False(t, SSHKey{Kind: "ssh-ed25519", Hash: ed25519Hash}.Is(append(octets, 0)))
}

// TestBrokenSSHKeys make none.
func TestBrokenSSHKeys(t *testing.T) {
	u := &SSHUser{}
	require.False(t, u.TypeKey("ssh-ed25519 *****"))
	u.BeginKey()
	for range 100 {
		u.TypeKey(strings.Repeat("AAAA", 30))
	}
	require.False(t, u.TypeKey("AAAA"), "there is an end")
	require.Empty(t, u.Keys)
}

func FuzzSSHKey(f *testing.F) {
	f.Add("ssh-ed25519 "+ed25519Key, "x")
	f.Add(ed25519Key[:11], ed25519Key[11:])
	f.Fuzz(func(t *testing.T, first, second string) {
		u := &SSHUser{}
		u.TypeKey(first)
		u.TypeKey(second)
		require.LessOrEqual(t, len(u.Keys), 2)
	})
}
