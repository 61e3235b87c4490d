package operator

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMask: no secret that a person types is recorded.
func TestMask(t *testing.T) {
	for line, want := range map[string]string{
		"  pre-shared-key cisco":                       "pre-shared-key <removed>",
		"pre-shared local 0 cisco":                     "pre-shared <removed>",
		"pre-shared-key hex 00ff":                      "pre-shared-key <removed>",
		"authentication local pre-share key cisco":     "authentication local pre-share key <removed>",
		"authentication local pre-share":               "authentication local pre-share",
		"enable secret 0 cisco":                        "enable secret <removed>",
		"username admin privilege 15 password 0 cisco": "username admin privilege 15 password <removed>",
		"username admin sec cisco":                     "username admin sec <removed>",
		"crypto ikev2 keyring KEY":                     "crypto ikev2 keyring KEY",
		" ip address 10.0.0.1 255.255.255.0":           " ip address 10.0.0.1 255.255.255.0",
		"crypto isakmp key cisco address 0.0.0.0":      "crypto isakmp key <removed>",
		"no pre-shared-key cisco":                      "no pre-shared-key <removed>",
		"show crypto ikev2 sa | include secret":        "show crypto ikev2 sa | include secret",
	} {
		require.Equal(t, want, Mask(line))
	}
}
