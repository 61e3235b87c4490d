package standby

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/tests/kit"
)

// A configuration may say of a loopback what it likes: nobody is there who could hear it.
func TestNothingIsSentWhereThereIsNoCable(t *testing.T) {
	n := newNet()
	a := n.add("10.0.0.1")
	a.Stack.Interfaces.Set(n.Now, ip.InterfaceSettings{Name: "Loopback0", Kind: "Loopback", Addresses: []netip.Prefix{netip.MustParsePrefix("10.9.0.1/24")}})
	group := one(100)
	group.Address = netip.MustParseAddr("10.9.0.2")
	a.Configure(n.Now, "Loopback0", []Settings{group})
	n.Pass(time.Minute)
	require.Equal(t, "Init", n.states())
	require.Empty(t, a.Sent[1:], "but for the announcement of the port's own address")
}

// A group follows the line protocol of an interface as it follows an object.
func TestAnInterfaceIsTracked(t *testing.T) {
	n := newNet()
	best := preempting(one(110))
	best.Tracked = []Track{{Interface: "Loopback0", Decrement: 20}}
	a, _ := n.pair(best, preempting(one(100)))
	n.Pass(time.Minute)
	require.Equal(t, "Standby Active", n.states(), "there is no such interface")
	a.Stack.Interfaces.Set(n.Now, ip.InterfaceSettings{Name: "Loopback0", Kind: "Loopback"})
	a.Interface(n.Now, "Loopback0")
	n.Pass(time.Minute)
	require.Equal(t, "Active Standby", n.states())
	require.Equal(t, []TrackState{{Interface: "Loopback0", Known: true, Up: true, Decrement: 20}}, a.State()[0].Tracks)
	a.Stack.Interfaces.Set(n.Now, ip.InterfaceSettings{Name: "Loopback0", Kind: "Loopback", Shutdown: true})
	a.Interface(n.Now, "Loopback0")
	n.Pass(time.Minute)
	require.Equal(t, "Standby Active", n.states())
}

// Who has no group any more resigns, in either version, and is not Init: IOS calls it Disabled.
func TestAGroupThatIsTakenAway(t *testing.T) {
	for version := 1; version <= version2; version++ {
		n := newNet()
		best, other := one(110), one(100)
		best.Version, other.Version = version, version
		a, b := n.pair(best, other)
		n.Pass(time.Minute)
		require.Equal(t, []int{2, 1}, []int{a.State()[0].Changes, b.State()[0].Changes}, "those that are logged")
		a.Said, b.Said = nil, nil
		a.Configure(n.Now, kit.Port, nil)
		n.Pass(time.Second)
		require.Contains(t, a.Said, Changed{Interface: kit.Port, Group: 1, From: Active, To: Off})
		require.Equal(t, Active, b.State()[0].State, "it has heard so")
	}
}

// Why a group does not begin.
func TestReasons(t *testing.T) {
	n := newNet()
	barred := one(110)
	barred.Tracked = []Track{{Object: 1, Shutdown: true}}
	a := n.add("10.0.0.1", barred)
	n.Pass(time.Minute)
	require.Empty(t, a.State()[0].Why)
	a.down[1] = true
	a.Tracked(n.Now, 1)
	require.Equal(t, "tracking shutdown", a.State()[0].Why)
	a.Stack.Interfaces.Carrier(n.Now, 0, false)
	a.Interface(n.Now, kit.Port)
	require.Equal(t, InterfaceDown, a.State()[0].Why)
}

// Routers that do not understand each other's version are both active, and see who else has the address.
func TestTwoHaveTheAddress(t *testing.T) {
	n := newNet()
	second := one(100)
	second.Version = version2
	a, b := n.pair(one(100), second)
	n.Pass(25 * time.Second)
	require.Equal(t, "Active Active", n.states())
	require.Contains(t, a.Said, ip.DuplicateAddress{Interface: kit.Port, Address: one(0).Address, MAC: MAC(version2, 1)})
	require.Contains(t, b.Said, ip.DuplicateAddress{Interface: kit.Port, Address: one(0).Address, MAC: MAC(1, 1)})
}
