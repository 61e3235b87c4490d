package ip

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inVRF gives a port an address in a VRF.
func (d *device) inVRF(vrf int, name, address string) {
	d.Interfaces.Set(epoch, InterfaceSettings{Name: name, Kind: "eth", VRF: vrf, Addresses: []netip.Prefix{netip.MustParsePrefix(address)}})
}

// staticIn is a static route of a VRF.
func staticIn(vrf int, prefix, hop string) StaticRoute {
	r := staticOf(prefix, hop, "", 1)
	r.VRF, r.HopVRF = vrf, vrf
	return r
}

// wayIn is way by the table of a VRF.
func (d *device) wayIn(vrf int, to string) string {
	global := d.Table
	defer func() { d.Table = global }()
	if vrf != 0 {
		d.Table = *d.VRF(vrf)
	}
	return d.way(to)
}

// TestTablesApart: the same networks, addresses and next hops in two VRFs and in the
// global table are different ones.
func TestTablesApart(t *testing.T) {
	d := newDevice(t, 3)
	for vrf := range 3 {
		d.inVRF(vrf, portName(vrf), "10.0.0.1/24")
		d.add(staticIn(vrf, "20.0.0.0/8", "10.0.0.2"))
	}
	for vrf := range 3 {
		require.Equal(t, "local "+portName(vrf), d.wayIn(vrf, "10.0.0.1"))
		require.Equal(t, "via "+portName(vrf)+" 10.0.0.2", d.wayIn(vrf, "20.1.1.1"))
	}
	d.Interfaces.Carrier(epoch, 1, false)
	require.Equal(t, "none", d.wayIn(1, "20.1.1.1"))
	require.Equal(t, "via eth2 10.0.0.2", d.wayIn(2, "20.1.1.1"))
	require.True(t, d.Interfaces.Owns(1, addr("10.0.0.1")))
	require.False(t, d.Interfaces.Owns(3, addr("10.0.0.1")))
}

// TestForwardingWithinAVRF: a packet goes by the table of the interface where it came in,
// and what answers it too; none goes from one VRF to another.
func TestForwardingWithinAVRF(t *testing.T) {
	d := newDevice(t, 4)
	d.inVRF(1, "eth0", "10.0.0.1/24")
	d.inVRF(1, "eth1", "10.1.0.1/24")
	d.inVRF(2, "eth2", "10.0.0.1/24")
	d.set("eth3", "eth", "10.1.0.1/24")
	for _, port := range []string{"eth0", "eth1", "eth2", "eth3"} {
		i := d.Interfaces.Get(port)
		for _, a := range []string{"10.0.0.9", "10.1.0.9"} {
			discovery{d.Stack}.learn(epoch, discovery{d.Stack}.enter(i, addr(a)), [6]byte{2, 9, 0, 0, 0, byte(i.port)})
		}
	}
	d.sent()
	d.Receive(epoch, 0, d.frameTo(0, echoTo("10.0.0.9", "10.1.0.9", 8)))
	require.Equal(t, byte(1), d.frames[0][5], "by eth1, not by eth3")
	d.sent()
	d.Receive(epoch, 2, d.frameTo(2, echoTo("10.0.0.9", "10.1.0.9", 8)))
	require.Equal(t, byte(2), d.frames[0][5], "unreachable, back by eth2")
	require.Equal(t, byte(Unreachable), d.sent()[0][HeaderLen])
	d.Receive(epoch, 2, d.frameTo(2, echoTo("10.0.0.9", "10.0.0.1", 8)))
	require.Equal(t, byte(2), d.frames[0][5], "answered by eth2")
	require.Equal(t, byte(echoReply), d.sent()[0][HeaderLen])
}

// TestMovedToAVRF: an interface takes its routes with it, and what follows an address in
// the old table looks again.
func TestMovedToAVRF(t *testing.T) {
	d := newDevice(t, 2)
	d.inVRF(0, "eth0", "10.0.0.1/24")
	d.add(staticOf("20.0.0.0/8", "10.0.0.2", "", 1))
	d.add(staticIn(1, "20.0.0.0/8", "10.0.0.2"))
	require.Equal(t, "none", d.wayIn(1, "20.1.1.1"))
	d.inVRF(1, "eth0", "10.0.0.1/24")
	require.Equal(t, "none", d.way("20.1.1.1"))
	require.Equal(t, "none", d.way("10.0.0.1"))
	require.Equal(t, "via eth0 10.0.0.2", d.wayIn(1, "20.1.1.1"))
}

// TestLeakedRoutes: `global`, and an interface of another table, lead out of a VRF.
func TestLeakedRoutes(t *testing.T) {
	d := newDevice(t, 2)
	d.inVRF(1, "eth0", "10.0.0.1/24")
	out := staticIn(1, "0.0.0.0/0", "192.0.2.2")
	out.HopVRF = 0
	d.add(out)
	d.add(staticOf("10.0.0.0/24", "", "eth0", 1))
	require.Equal(t, "none", d.wayIn(1, "8.8.8.8"))
	d.set("eth1", "eth", "192.0.2.1/24")
	require.Equal(t, "via eth1 192.0.2.2", d.wayIn(1, "8.8.8.8"))
	require.Equal(t, "link eth0", d.way("10.0.0.9"))
	d.Interfaces.Carrier(epoch, 1, false)
	require.Equal(t, "none", d.wayIn(1, "8.8.8.8"))
	d.Interfaces.Carrier(epoch, 1, true)
	plain := out
	plain.HopVRF = 1
	d.remove(plain)
	require.Equal(t, "via eth1 192.0.2.2", d.wayIn(1, "8.8.8.8"), "another route")
	d.remove(out)
	require.Equal(t, "none", d.wayIn(1, "8.8.8.8"))
}

// TestUnpackedIntoAVRF: a packet that a crypto map has unpacked goes by the table of what
// it protects, not by that of the interface where its outer one came in.
func TestUnpackedIntoAVRF(t *testing.T) {
	d := newDevice(t, 2)
	d.inVRF(1, "eth0", "10.0.0.1/24")
	d.set("eth1", "eth", "192.0.2.1/24")
	delivered := 0
	d.Handle(ProtoGRE, func(_ time.Time, p *Packet) { delivered = p.VRF() })
	inner := newPacket(ProtoGRE, addressOf(addr("10.0.0.9")), addressOf(addr("10.0.0.1")), 64, 8)
	SetHeaderChecksum(inner.Bytes())
	d.InputTo(epoch, d.Interfaces.Get("eth1"), 1, inner.buf)
	require.Equal(t, 1, delivered)
	require.Empty(t, d.sent())
}
