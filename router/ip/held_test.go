package ip

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// warden is an Output like that of a protected tunnel: routes by it stay while it is down.
type warden struct{ up bool }

func (*warden) Output(time.Time, *Packet) {}
func (w *warden) Ready() bool             { return w.up }
func (*warden) Holds() bool               { return true }
func (*warden) Place(int) []byte          { return nil }

// A route by a protected tunnel that is down keeps packets from going in clear by a shorter
// prefix, and gives way to another protected tunnel that is up, whatever its distance.
func TestHeldRoutesGiveWay(t *testing.T) {
	d := newDevice(t, 1)
	wardens := map[string]*warden{"t0": {}, "t1": {}}
	d.kinds["warden"] = Kind{Output: func(i *Interface) Output { return wardens[i.Name] }}
	d.set("eth0", "eth", "10.0.0.1/24")
	t0, t1 := d.set("t0", "warden", "172.16.0.1/30"), d.set("t1", "warden", "172.16.1.1/30")
	to := netip.MustParsePrefix("192.168.2.0/24")
	by := func(name string, distance int) StaticRoute {
		return StaticRoute{Prefix: to, Interface: name, Distance: distance}
	}
	d.SetRoutes(epoch, []StaticRoute{
		{Prefix: netip.MustParsePrefix("0.0.0.0/0"), NextHop: addr("10.0.0.9"), Distance: 1}, by("t0", 1), by("t1", 10),
	}, nil)
	leads := func() string {
		if e := d.VRF(0).Lookup(addr("192.168.2.1")); e.Out != nil {
			return e.Out.Name
		}
		return ""
	}
	settle := func(i *Interface, up bool) string {
		wardens[i.Name].up = up
		d.Interfaces.Settle(epoch, i)
		return leads()
	}
	require.Equal(t, "t0", leads(), "both are down: nothing goes in clear")
	require.Equal(t, "t1", settle(t1, true))
	require.Equal(t, "t0", settle(t0, true))
	require.Equal(t, "t1", settle(t0, false))
	require.Equal(t, "t0", settle(t1, false))
	settle(t1, true)
	d.SetRoutes(epoch, nil, []StaticRoute{by("t1", 10)})
	require.Equal(t, "t0", leads())
	d.SetRoutes(epoch, []StaticRoute{by("t1", 10)}, nil)
	require.Equal(t, "t1", leads())
}
