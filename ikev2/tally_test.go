package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// TestByKind: kinds beyond the few are counted like those.
func TestByKind(t *testing.T) {
	var c ByKind[wire.NotifyType]
	require.Empty(t, c.Kinds())
	for round := range 2 {
		for k := wire.NotifyType(3 * fewKinds); k > 0; k-- {
			c.more(k, SentRequest)
			if round > 0 {
				c.more(k, GotResponse)
			}
		}
	}
	kept := c.copied()
	c.more(1, GotRequest)
	c.more(3*fewKinds, GotRequest)
	require.Len(t, kept.Kinds(), 3*fewKinds)
	require.IsIncreasing(t, kept.Kinds())
	for _, k := range kept.Kinds() {
		require.Equal(t, ByWay{SentRequest: 2, GotResponse: 1}, kept.Of(k))
	}
	require.Equal(t, ByWay{SentRequest: 2, GotRequest: 1, GotResponse: 1}, c.Of(1))
	require.Equal(t, ByWay{SentRequest: 2, GotRequest: 1, GotResponse: 1}, c.Of(3*fewKinds))
	require.Zero(t, c.Of(3*fewKinds+1))
}
