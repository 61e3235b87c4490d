package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

func padded(p *testPolicy) { p.Children[0].Padded = true }

// "This notification asserts that the sending endpoint will not accept packets that contain
// Traffic Flow Confidentiality (TFC) padding over the Child SA being negotiated. If neither
// endpoint accepts TFC padding, this notification is included in both the request and the
// response. If this notification is included in only one of the messages, TFC padding can
// still be sent in the other direction." (RFC 7296 1.3.1)
func TestPaddingIsNegotiated(t *testing.T) {
	const with, without = "SA TSi TSr ... N(ESP_TFC_PADDING_NOT_SUPPORTED) N(NON_FIRST_FRAGMENTS_ALSO) }", "SA TSi TSr ... N(NON_FIRST_FRAGMENTS_ALSO) }"
	says := func(want bool) string {
		if want {
			return without
		}
		return with
	}
	for _, want := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		c := newTalk(t)
		for i := range 2 {
			if want[i] {
				c.peers[i].configure(testConfig(i, quick, padded))
			}
		}
		c.acquire(0)
		c.pass(2)
		request := c.wantSend("A", "IKE_AUTH request 1 { ... AUTH ... "+says(want[0]))
		response := c.wantSend("B", "IKE_AUTH response 1 { ... AUTH ... "+says(want[1]))
		for i, l := range []*letter{request, response} {
			named := c.peers[l.from].message(l.Datagram).Notify(wire.ESP_TFC_PADDING_NOT_SUPPORTED) != nil
			require.Equal(t, !want[i], named)
		}
		c.settle()
		require.Equal(t, want[1], c.pair(0).Padded)
		require.Equal(t, want[0], c.pair(1).Padded)
		c.tamper = nil
		c.rekeyChild(1)
		c.settle()
		require.Equal(t, want[1], c.pair(0).Padded, "the rekey settles it anew")
		require.Equal(t, want[0], c.pair(1).Padded)
	}
}
