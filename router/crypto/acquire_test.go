package crypto

import (
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
