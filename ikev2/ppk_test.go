package ikev2

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// RFC 8784.

// withPPK is a configuration with a post-quantum preshared key, in the keyring of the
// others.
func withPPK(ppk *PPK) func(*testPolicy) {
	return func(c *testPolicy) {
		quick(c)
		if ppk != nil {
			c.Keyrings[0].Peers[0].PPK = ppk
			c.Profiles[0].PPKKeyring = "KEYRNG"
		}
	}
}

// What becomes of an SA by what either end has configured (after RFC 8784 section 3).
func TestPPK(t *testing.T) {
	a, aMust := &PPK{ID: "a", Key: []byte("quantum safe")}, &PPK{ID: "a", Key: []byte("quantum safe"), Required: true}
	b, bMust := &PPK{ID: "b", Key: []byte("quantum safe")}, &PPK{ID: "b", Key: []byte("quantum safe"), Required: true}
	other := &PPK{ID: "a", Key: []byte("another key")}
	const used, without, none = "used", "without", "none"
	for _, row := range []struct {
		initiator, responder *PPK
		want                 string
		cause                Cause // of whoever finds out
	}{
		{nil, nil, without, 0}, {nil, a, without, 0}, {a, nil, without, 0}, {a, a, used, 0}, {a, aMust, used, 0}, {aMust, a, used, 0}, {aMust, aMust, used, 0},
		// A responder that has not the initiator's key, and requires none, goes by NO_PPK_AUTH.
		{a, b, without, 0},
		// One that requires a key answers AUTHENTICATION_FAILED.
		{nil, aMust, none, CauseNoPPK}, {a, bMust, none, CauseNoPPK},
		// An initiator that requires one gives up.
		{aMust, nil, none, CauseNoPPK}, {aMust, b, none, CauseNoPPK}, {bMust, aMust, none, CauseNoPPK},
		{a, other, none, CauseBadAuth},
	} {
		l := newLab(t, 1)
		l.peers[0].configure(testConfig(0, withPPK(row.initiator)))
		l.peers[1].configure(testConfig(1, withPPK(row.responder)))
		l.acquire(0)
		l.run(10 * time.Minute) // an answer that nobody vouches for is tried again for long
		name := []any{"%+v with %+v", row.initiator, row.responder}
		if row.want == none {
			require.Empty(t, l.peers[1].pairs, name...)
			require.Empty(t, l.peers[0].pairs, name...)
			require.True(t, slices.ContainsFunc(l.peers[:], func(p *end) bool {
				return slices.ContainsFunc(p.Diagnoses(), func(d Diagnosis) bool { return d.Cause == row.cause })
			}), name...)
			continue
		}
		for _, p := range l.peers {
			require.Len(t, p.pairs, 1, name...)
			sa := p.sorted()[0]
			require.Equal(t, row.want == used, sa.mixed(), name...)
			require.Equal(t, l.peers[0].sorted()[0].keys.D, sa.keys.D, name...)
		}
	}
}

// SK_d = prf+ (PPK, SK_d') is that of the IKE SA that is made first; what replaces it comes of
// that SK_d, and no later exchange speaks of the PPK.
func TestPPKOutlivesRekeys(t *testing.T) {
	l := newLab(t, 1)
	for i, p := range l.peers {
		p.configure(testConfig(i, withPPK(&PPK{ID: "a", Key: []byte("quantum safe"), Required: true}), func(c *testPolicy) { c.Profiles[0].Lifetime = 2 * time.Minute }))
	}
	l.acquire(0)
	l.run(time.Second)
	first := l.peers[0].sorted()[0].spiI
	l.run(5 * time.Minute)
	for _, p := range l.peers {
		require.Len(t, p.SAs(), 1)
		require.Equal(t, "a", p.SAs()[0].PPK)
		for _, m := range p.clear {
			require.True(t, m.Exchange == wire.IKE_SA_INIT || m.Exchange == wire.IKE_AUTH || m.Notify(wire.USE_PPK) == nil && m.Notify(wire.PPK_IDENTITY) == nil)
		}
	}
	require.NotEqual(t, first, l.peers[0].sorted()[0].spiI)
}
