package ipsec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// "implementations SHOULD NOT attempt to use items marked as "UNSPECIFIED" in
// implementations that are meant to be interoperable." (RFC 7296, section 3)
func TestUnspecifiedIsNotKnown(t *testing.T) {
	for _, id := range []EncrID{1, 8, 9} {
		for _, bits := range []uint16{0, 64, 128} {
			require.False(t, Encr{ID: id, KeyBits: bits}.Known(), id)
		}
	}
	require.False(t, PRFID(3).Known())
	require.False(t, IntegID(3).Known() || IntegID(4).Known())
}
