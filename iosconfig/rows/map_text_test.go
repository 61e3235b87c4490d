package rows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Lines of crypto maps for clients and dynamic maps are kept, told of, and taken away with
// their entry or their map.
func TestMapTexts(t *testing.T) {
	s := sessionIn(t, "config")
	r, err := s.Enter("crypto map M 20 ipsec-isakmp dynamic D")
	require.NoError(t, err)
	require.Equal(t, []string{"% crypto dynamic-map: accepted, but there are no dynamic maps here", "% Dynamic map D does not exist"}, r.Messages)
	s.enter(t, "crypto map M 10 ipsec-isakmp", "set peer 10.0.0.2", "exit", "crypto map M client configuration address respond", "crypto map M isakmp authorization list L", "crypto map N 5 ipsec-isakmp dynamic D")
	text := strings.Join(Running(s.store.Running()), "\n")
	require.Contains(t, text, "crypto map M 10 ipsec-isakmp\n set peer 10.0.0.2\ncrypto map M 20 ipsec-isakmp dynamic D\ncrypto map M client configuration address respond\ncrypto map M isakmp authorization list L\n!\ncrypto map N 5 ipsec-isakmp dynamic D\n!")
	requireSame(t, s.store.Running(), load(t, text))
	require.Empty(t, load(t, text+"\ncrypto dynamic-map D 10\n").CryptoMap("N"))
	s.enter(t, "no crypto map M 20")
	require.NotContains(t, strings.Join(Running(s.store.Running()), "\n"), "crypto map M 20")
	s.enter(t, "no crypto map M", "no crypto map N 5 ipsec-isakmp dynamic D")
	require.NotContains(t, strings.Join(Running(s.store.Running()), "\n"), "crypto map")
}
