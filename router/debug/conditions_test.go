package debug

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/record"
)

// TestConditions: of the debugs of IKE and IPsec only the lines about some peers are
// printed; whom a record is about it says itself, or its IKE SA does.
func TestConditions(t *testing.T) {
	wanted, other := netip.MustParseAddrPort("10.0.0.2:500"), netip.MustParseAddrPort("10.0.0.3:500")
	now := time.Unix(0, 0)
	sas := func() []Ends {
		return []Ends{{ID: 1, SPIi: 11, Remote: wanted.Addr()}, {ID: 2, SPIi: 22, Remote: other.Addr(), FVRF: "RED", IVRF: "BLUE"}}
	}
	var c Conditions
	admits := func(b record.Body, class Class) bool {
		now = now.Add(time.Second)
		return c.Admits(Line{Class: class}, record.Record{At: now, Body: b}, sas)
	}
	require.True(t, admits(ikev2.PacketArrived{From: other}, Fact), "without conditions all are")
	c.Peers = []netip.Prefix{netip.PrefixFrom(wanted.Addr(), 32)}
	one, two := ikev2.Ref{ID: 1, SPIi: 11}, ikev2.Ref{ID: 2, SPIi: 22}
	require.True(t, admits(ikev2.PacketArrived{From: wanted}, Packet))
	require.False(t, admits(ikev2.PacketArrived{From: other}, Packet))
	require.True(t, admits(ikev2.MessageBuilt{SA: one, From: other, To: wanted}, Packet))
	require.True(t, admits(&ikev2.Step{SA: one}, Trace))
	require.False(t, admits(&ikev2.Step{SA: two}, Trace))
	require.True(t, admits(crypto.Installed{Remote: wanted.Addr()}, IPsec))
	require.False(t, admits(crypto.Installed{Remote: other.Addr()}, IPsec))
	require.True(t, admits(crypto.Installed{Remote: other.Addr()}, Syslog), "messages of the system are no debugs")
	gone := &ikev2.Step{SA: ikev2.Ref{ID: 9, SPIi: 99}}
	require.False(t, admits(gone, Trace), "nobody knows whom it is about")
	c.Unmatched.IKE = true
	require.True(t, admits(gone, Trace))
	require.False(t, admits(crypto.WentIdle{}, IPsec), "of IPsec nothing was said")
	c.Unmatched = Unmatched{IPsec: true}
	require.True(t, admits(crypto.WentIdle{}, IPsec))

	now = now.Add(time.Second)
	admitsNow := func(b record.Body) bool { return c.Admits(Line{Class: Trace}, record.Record{At: now, Body: b}, sas) }
	require.True(t, admitsNow(ikev2.PacketArrived{From: wanted}))
	require.True(t, admitsNow(gone), "an SA that did not outlive the datagram that made it is the sender's")
	for _, vrfs := range []Conditions{{Fronts: []string{"RED"}}, {Insides: []string{"BLUE"}}} {
		c = vrfs
		require.False(t, admits(&ikev2.Step{SA: one}, Trace), "it is in no VRF")
		require.True(t, admits(&ikev2.Step{SA: two}, Trace))
		require.True(t, admits(ikev2.MessageBuilt{SA: two, From: wanted, To: other}, Packet))
	}
	for _, vrfs := range []Conditions{{Fronts: []string{"BLUE"}}, {Insides: []string{"RED"}}} {
		c = vrfs
		require.False(t, admits(&ikev2.Step{SA: two}, Trace), "it is in another one")
	}
	c = Conditions{Peers: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}}
	require.True(t, admits(&ikev2.Step{SA: two}, Trace))
}
