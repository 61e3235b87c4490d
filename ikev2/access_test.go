package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// "The requested address is valid as long as this IKE SA (or its rekeyed successors)
// requesting the address is valid." (RFC 7296 3.15.1): it, and what was told beside it, goes
// with the first word of a Delete, however long that is not answered; nor does the end of that
// SA take what another one has given meanwhile.
func TestGivenGoesWithItsSA(t *testing.T) {
	c := flexTalk(t, pool("172.16.0.11", "172.16.0.20"))
	a, b := c.end("A"), c.end("B")
	c.pass(4)
	c.settle()
	had, _ := last[Configured](a)
	require.Equal(t, netip.MustParseAddr("172.16.0.11"), had.Address)

	a.events, b.events = nil, nil
	a.apply(a.Unprotect(c.now, had.Entry))
	b.apply(b.Clear(c.now, func(SAInfo) bool { return true }))
	_, ok := last[Unconfigured](a)
	require.True(t, ok, "at once, while the Delete is on its way")
	_, ok = last[DropAccess](b)
	require.True(t, ok, "at once")
	require.Equal(t, 1, Pools(b.Engine)[0].Ranges[0].InUse, "the peer may have it until it is told")
	c.pass(8)
	c.settle()
	require.Empty(t, b.SAs())
	require.Zero(t, Pools(b.Engine)[0].Ranges[0].InUse)
}

// Nor does the end of an SA take away what another one has given to an entry of the same name.
func TestGivenByAnother(t *testing.T) {
	c := flexTalk(t, pool("172.16.0.11", "172.16.0.20"))
	a := c.end("A")
	c.pass(4)
	c.settle()
	had, _ := last[Configured](a)
	old := a.entries.Get(had.Entry)
	next := &entry{cfg: old.cfg, holds: &given{}, redirects: &atHome}
	a.entries.Put(had.Entry, next)
	a.events = nil
	withdraw(&a.recording, &a.database, old.holds)
	require.Nil(t, old.holds)
	_, ok := last[Unconfigured](a)
	require.False(t, ok)
}

// An entry that was made for a peer has no other ends, and is not made anew by its settings.
func TestMadeEntryHasOneEnd(t *testing.T) {
	c := flexTalk(t, pool("172.16.0.11", "172.16.0.20"))
	b := c.end("B")
	c.pass(4)
	c.settle()
	made, _ := last[MakeAccess](b)
	cfg := *b.entries.Get(made.Entry).cfg
	cfg.Made = true
	b.apply(b.Protect(c.now, &cfg))
	require.Equal(t, 1, b.entries.Len())
	elsewhere := cfg
	elsewhere.Local = netip.MustParseAddr("10.9.9.9")
	b.apply(b.Protect(c.now, &elsewhere))
	b.apply(b.Protect(c.now, &elsewhere))
	require.Zero(t, b.entries.Len())
	c.pass(4)
	c.run(time.Minute)
	require.Empty(t, b.SAs())
	require.Zero(t, b.peers.Len())
	require.Zero(t, Pools(b.Engine)[0].Ranges[0].InUse)
}
