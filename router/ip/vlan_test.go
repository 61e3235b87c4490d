package ip

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// part gives a device a subinterface of eth0.
func (d *device) part(name string, v VLAN, address string) *Interface {
	v.Of = "eth0"
	return d.Interfaces.Set(epoch, InterfaceSettings{Name: name, Kind: "eth", VLAN: v, Addresses: []netip.Prefix{netip.MustParsePrefix(address)}})
}

// tagOf puts a tag into a frame.
func tagOf(frame []byte, tag uint16) []byte {
	out := append(bytes.Clone(frame[:12]), 0x81, 0)
	return append(binary.BigEndian.AppendUint16(out, tag), frame[12:]...)
}

// asks is an ARP request for an address, from a neighbour with the last octet 9.
func asks(address string) []byte {
	f := make([]byte, EthernetHeader+arpLen)
	copy(f, BroadcastMAC[:])
	copy(f[6:], []byte{2, 0, 0, 0, 9, 9})
	binary.BigEndian.PutUint16(f[12:], ethertypeARP)
	binary.BigEndian.PutUint64(f[14:], 0x0001_0800_0604_0001)
	copy(f[22:], f[6:12])
	target := addr(address).As4()
	copy(f[38:], target[:])
	target[3] = 9
	copy(f[28:], target[:])
	return f
}

// TestVLANs: "a VLAN-tagged frame … carries a VLAN identification and priority
// information" (IEEE 802.1Q 3): each subinterface has the frames of its VLAN, in and
// out, and a tag of VLAN 0 says a priority only.
func TestVLANs(t *testing.T) {
	d := newDevice(t, 1)
	main := d.set("eth0", "eth", "10.0.1.1/24")
	ten := d.part("eth0.10", VLAN{ID: 10}, "10.0.10.1/24")
	answered := func(frame []byte) []byte {
		d.frames = nil
		d.Receive(epoch, 0, frame)
		if len(d.frames) == 0 {
			return nil
		}
		require.Len(t, d.frames, 1)
		return d.frames[0][12:18]
	}
	tagged, plain := []byte{0x81, 0, 0, 10, 8, 6}, []byte{8, 6, 0, 1, 8, 0}
	require.Equal(t, tagged, answered(tagOf(asks("10.0.10.1"), 10)))
	require.Equal(t, tagged, answered(tagOf(asks("10.0.10.1"), 0xe00a)), "whatever the priority")
	require.Equal(t, plain, answered(asks("10.0.1.1")))
	require.Equal(t, plain, answered(tagOf(asks("10.0.1.1"), 0xe000)))
	require.Nil(t, answered(asks("10.0.10.1")))
	require.Nil(t, answered(tagOf(asks("10.0.1.1"), 10)))
	unknown := main.Counters.InUnknown
	require.Nil(t, answered(tagOf(asks("10.0.1.1"), 11)))
	require.Equal(t, unknown+1, main.Counters.InUnknown)
	require.Nil(t, answered(tagOf(asks("10.0.10.1"), 10)[:15]), "cut in its tag")
	require.EqualValues(t, 3, ten.Counters.InPackets)
	require.EqualValues(t, 2, ten.Counters.OutPackets)
	require.EqualValues(t, 4, main.Counters.OutPackets)

	d.part("eth0.20", VLAN{ID: 20, Native: true}, "10.0.20.1/24")
	require.Equal(t, plain, answered(asks("10.0.20.1")), "what has no tag is the native VLAN's")
	require.Nil(t, answered(asks("10.0.1.1")))
	d.Interfaces.Remove(epoch, "eth0.20")
	require.Equal(t, plain, answered(asks("10.0.1.1")))
}

// TestPartsFollowTheWhole: a subinterface is up when it and its port are.
func TestPartsFollowTheWhole(t *testing.T) {
	d := newDevice(t, 1)
	d.set("eth0", "eth")
	ten := d.part("eth0.10", VLAN{ID: 10}, "10.0.10.1/24")
	require.True(t, ten.Protocol)
	require.Equal(t, "link eth0.10", d.way("10.0.10.7"))
	d.Interfaces.Carrier(epoch, 0, false)
	require.False(t, ten.Up)
	require.Equal(t, "none", d.way("10.0.10.7"))
	d.Interfaces.Carrier(epoch, 0, true)
	require.Equal(t, "link eth0.10", d.way("10.0.10.7"))
	set := ten.Settings
	set.Shutdown = true
	d.Interfaces.Set(epoch, set)
	require.Equal(t, "none", d.way("10.0.10.7"))
	d.Interfaces.Carrier(epoch, 0, false)
	d.Interfaces.Carrier(epoch, 0, true)
	require.False(t, ten.Up)
}
