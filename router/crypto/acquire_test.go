package crypto

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// One that is asleep is woken by what meets a tunnel over it, too, whose own way is down
// for that.
func TestIdleTimeOfAnOuterTunnel(t *testing.T) {
	one, two := twoEnds(t)
	one.settings.Idle = time.Minute
	one.entry.Set(epoch, one.settings)
	install(t, one, two, 0x1000)
	one.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: "Tunnel1", Kind: "Tunnel", Addresses: []netip.Prefix{netip.MustParsePrefix("172.17.0.1/24")}})
	inner := one.crypto.Entry("Tunnel1")
	inner.Set(epoch, Settings{Local: addr("172.16.0.1"), Remote: addr("192.168.2.9"), Protected: true, Active: true, Window: 64, TTL: 255})
	require.True(t, inner.underlay)
	one.timers.Run(epoch.Add(time.Hour))
	require.True(t, one.entry.asleep)
	require.True(t, one.crypto.Delete(one.now, 0x1001))
	one.entry.Down(one.now, true)
	require.False(t, inner.underlay)
	one.calls()
	inner.push(one.now, nil)
	require.Equal(t, []string{"acquire Tunnel0"}, one.calls())
	require.False(t, one.entry.asleep)
}

// A pair more of several may be refused without a word: other packets ask again after half
// a minute.
func TestOnePairOfSeveralRefused(t *testing.T) {
	one, two := twoEnds(t)
	one.settings.Several, one.settings.OnDemand = true, true
	one.entry.Set(epoch, one.settings)
	install(t, one, two, 0x1000, func(a *Association) { a.Local, a.Remote = prefixes("192.168.1.0/24"), prefixes("192.168.2.1/32") })
	one.state = Established
	one.calls()
	one.entry.push(epoch, packet(60))
	one.entry.push(epoch.Add(29*time.Second), packet(60))
	require.Equal(t, []string{"acquire Tunnel0"}, one.calls())
	one.timers.Run(epoch.Add(acquireOver))
	one.entry.push(epoch.Add(acquireOver), packet(60))
	require.Equal(t, []string{"acquire Tunnel0"}, one.calls())
}

// Entries begin to ask, end it, and get other peers or none while they do: those that ask and
// know whom are found, each once, and no other.
func TestAskersWhosePeersComeAndGo(t *testing.T) {
	peers := []netip.Addr{{}, addr("192.168.2.1"), addr("192.168.2.2")}
	draw := rand.New(rand.NewPCG(1, 2))
	c := &Crypto{}
	entries := make([]Entry, 4)
	for range 10_000 {
		e := &entries[draw.IntN(len(entries))]
		switch draw.IntN(3) {
		case 0:
			c.askers.add(e)
		case 1:
			c.askers.remove(e)
		default: // as Set does
			e.settings.Remote = peers[draw.IntN(len(peers))]
			if e.place.peer.IsValid() {
				c.askers.add(e)
			}
		}
		found := make(map[*Entry]int)
		for e := range Askers(c, netip.Prefix{}) {
			found[e]++
			require.Equal(t, 1, found[e])
		}
		for i := range entries {
			e := &entries[i]
			require.Equal(t, e.place.peer.IsValid(), found[e] == 1)
			require.True(t, !e.place.peer.IsValid() || e.place.peer == e.settings.Remote)
		}
	}
}
