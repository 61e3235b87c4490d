package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFactsHaveNames, each its own.
func TestFactsHaveNames(t *testing.T) {
	require.Len(t, factNames, int(LimitReached)+1)
	seen := map[string]bool{}
	for f := range LimitReached + 1 {
		require.NotEmpty(t, f.String())
		require.False(t, seen[f.String()], f.String())
		seen[f.String()] = true
	}
	require.Equal(t, "NAT found", NATFound.String())
	require.Equal(t, "processed response", ProcessedResponse.String())
}
