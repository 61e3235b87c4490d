package spd

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func ruleOf(name string, order int, a Action, local, remote string) Rule {
	sel := func(s string) []Selector { return []Selector{PrefixSelector(netip.MustParsePrefix(s))} }
	return Rule{Name: name, Order: order, Action: a, Local: sel(local), Remote: sel(remote)}
}

// The SPD is ordered, like an access list (RFC 4301, section 4.4.1).
func TestFirstEntryWins(t *testing.T) {
	var d SPD[int]
	require.NoError(t, d.Set(ruleOf("all", 30, Discard, "0.0.0.0/0", "0.0.0.0/0"), 3))
	require.NoError(t, d.Set(ruleOf("net", 20, Protect, "192.168.1.0/24", "192.168.0.0/16"), 2))
	require.NoError(t, d.Set(ruleOf("host", 10, Bypass, "192.168.1.1/32", "192.168.2.1/32"), 1))
	want := func(value int, a Action) {
		t.Helper()
		got, action, ok := d.Outbound(packet(60))
		require.True(t, ok)
		require.Equal(t, [2]any{value, a}, [2]any{got, action})
	}
	want(1, Bypass)
	d.Delete("host")
	want(2, Protect)
	_, a, ok := d.Inbound(packet(60))
	require.True(t, ok)
	require.Equal(t, Discard, a, "it comes from this end's own network")
	require.NoError(t, d.Set(ruleOf("net", 40, Protect, "192.168.1.0/24", "192.168.0.0/16"), 2))
	want(3, Discard)
	d.Delete("all")
	d.Delete("all")
	want(2, Protect)
	require.Equal(t, 1, d.Len())
	require.Equal(t, "discard", Discard.String())
}

// TestRoutedEntriesCostNothing: however many tunnels there are, packets are
// not looked up for them.
func TestRoutedEntriesCostNothing(t *testing.T) {
	var d SPD[int]
	for n := range 1000 {
		r := ruleOf(fmt.Sprintf("Tunnel%d", n), 0, Protect, "0.0.0.0/0", "0.0.0.0/0")
		r.Routed = true
		require.NoError(t, d.Set(r, n))
	}
	_, _, ok := d.Outbound(packet(60))
	require.False(t, ok)
	require.Empty(t, d.ordered)
	got, ok := d.Get("Tunnel7")
	require.True(t, ok)
	require.Equal(t, 7, got)
	d.Delete("Tunnel7")
	_, ok = d.Get("Tunnel7")
	require.False(t, ok)
}

func TestImpossibleRules(t *testing.T) {
	var d SPD[int]
	require.NoError(t, d.Set(ruleOf("net", 1, Protect, "192.168.1.0/24", "0.0.0.0/0"), 1))
	bad := ruleOf("net", 1, Bypass, "192.168.1.0/24", "0.0.0.0/0")
	bad.Local[0].Start, bad.Local[0].End = bad.Local[0].End, bad.Local[0].Start
	require.ErrorIs(t, d.Set(bad, 2), ErrSelector)
	bad.Local, bad.Remote = bad.Remote, bad.Local
	require.ErrorIs(t, d.Set(bad, 2), ErrSelector)
	_, a, ok := d.Outbound(packet(60))
	require.True(t, ok)
	require.Equal(t, Protect, a)
}
