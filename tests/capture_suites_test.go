package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// suitesInCaptures are those beyond the labs': one run goes through them all.
var suitesInCaptures = []struct{ ike, esp string }{
	{"encryption aes-ctr-128|integrity sha256|group 31", "esp-ctr 256 esp-sha256-hmac"},
	{"encryption aes-ctr-256|integrity sha512|group 31", "esp-ctr esp-sha512-hmac"},
	{"encryption aes-gcm-192|prf sha256|group 21", "esp-gcm 192"},
	{"encryption aes-cbc-256|integrity sha384|prf md5|group 19", "esp-gcm8 256"},
	{"encryption aes-gcm-128|prf sha1|group 19", "esp-gcm12"},
	{"encryption 3des|integrity md5|group 24", "esp-null esp-sha384-hmac"},
}

// useSuite has both routers make new SAs with a suite.
func useSuite(ike, esp string) (commands []string) {
	for _, node := range []string{"R1", "R2"} {
		lines := append([]string{"configure terminal", "crypto ikev2 proposal SUITE", "no integrity", "no prf", "no group"}, strings.Split(ike, "|")...)
		lines = append(lines, "crypto ikev2 policy MODERN", "proposal SUITE", "crypto ipsec transform-set GCM "+esp, "crypto ipsec profile SITE", "no set pfs", "end")
		for _, line := range lines {
			commands = append(commands, node+": "+line)
		}
	}
	return append(commands, "R1: clear crypto session", "wait 20s", "R1: ping 192.168.2.1 source Loopback0", "R2: ping 192.168.1.1 source Loopback0 size 1600")
}

// TestCapturesOpenDecryptedSuites: Wireshark opens what any suite has sealed for
// which its tables have a name.
func TestCapturesOpenDecryptedSuites(t *testing.T) {
	kit.NeedCommand(t, "tshark")
	t.Parallel()
	commands := []string{"wait 10s"}
	for _, s := range suitesInCaptures {
		commands = append(commands, useSuite(s.ike, s.esp)...)
	}
	dir := t.TempDir()
	out, err := kit.Ikelab(t, append([]string{"exec", "--capture", dir, "aes-gcm-site-to-site"}, commands...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	require.NotContains(t, string(out), "Success rate is 0", string(out))
	packets := tshark(t, dir)
	for what, like := range wrong {
		require.Zero(t, countOf(packets, like), what)
	}
	seen := map[string]bool{}
	for _, p := range packets {
		for _, id := range p.shown["isakmp.tf.id.encr"] {
			seen[id] = true
		}
	}
	for _, id := range []int{3, 11, 12, 13, 18, 19, 20} {
		require.True(t, seen[fmt.Sprint(id)], "encryption %d was negotiated", id)
	}
}
