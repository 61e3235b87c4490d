package crypto

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/router/ip"
)

// whole is a packet of so many octets that nobody may cut.
func whole(octets int) []byte {
	b := packet(octets)
	b[6] |= dontFragment
	ip.SetHeaderChecksum(b)
	return b
}

// sends has an end seal such a packet, and returns the outer one.
func (e *device) sends(octets int) []byte {
	e.entry.seal(e.now, whole(octets))
	return bytes.Clone(e.frames[len(e.frames)-1][ip.EthernetHeader:])
}

// tells hands an end what a router on the way says of a packet, of which it quotes
// the header and eight octets (RFC 792).
func (e *device) tells(b []byte, mtu int) {
	f := ip.Failure{From: addr("10.9.9.9"), Type: ip.Unreachable, Code: ip.CodeFragmentationNeeded, MTU: mtu, Header: b[:20], Begin: b[20:28]}
	if b[9] == ip.ProtoESP {
		e.crypto.pathFailed(e.now, f)
	} else {
		e.crypto.floatedFailed(e.now, f)
	}
}

// "The PMTU is … associated with … the SA" (after RFC 4301 8.2.1), whose SPI is
// quoted; "the information is aged" (after 8.2.2, RFC 1191 6.3).
func TestPathMTU(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	iface := one.stack.Interfaces.Get("Tunnel0")
	long := iface.MTU
	require.LessOrEqual(t, long+one.entry.sending[0].out.overhead(long), 1500)
	require.Greater(t, long+1+one.entry.sending[0].out.overhead(long+1), 1500)
	sent := one.sends(1400)
	forged := bytes.Clone(sent)
	forged[20]++
	one.tells(forged, 1200)
	require.Equal(t, long, iface.MTU, "no SA of ours")
	one.tells(one.sends(100), 1200)
	require.Equal(t, long, iface.MTU, "a packet that fits")
	cut := bytes.Clone(sent)
	cut[6] &^= dontFragment
	one.tells(cut, 1200)
	require.Equal(t, long, iface.MTU, "a packet that may be cut")
	one.tells(sent, 1200)
	require.LessOrEqual(t, iface.MTU, 1200-40)
	require.Equal(t, PathNarrowed{Entry: "Tunnel0", From: addr("10.9.9.9"), MTU: 1200}, last[PathNarrowed](t, one))
	one.tells(sent, 0)
	require.Equal(t, minNarrow, one.entry.pathMTU(), "a floor under what anybody may say")
	one.now = epoch.Add(narrowAge)
	one.sayTo2(100)
	require.Equal(t, long, iface.MTU)
}

// TestPathMTUDiscovery: `tunnel path-mtu-discovery` has its own age and floor.
func TestPathMTUDiscovery(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	set := one.entry.settings
	set.Path = Discovery{On: true, Age: 20 * time.Minute, Least: 300}
	one.entry.Set(one.now, set)
	one.tells(one.sends(1400), 100)
	require.Equal(t, 300, one.entry.pathMTU())
	one.now = epoch.Add(19 * time.Minute)
	one.sayTo2(100)
	require.Equal(t, 300, one.entry.pathMTU())
	one.now = epoch.Add(20 * time.Minute)
	one.sayTo2(100)
	require.Equal(t, ip.EthernetMTU, one.entry.pathMTU())
	set.Path.Age = 0
	one.entry.Set(one.now, set)
	one.tells(one.sends(1400), 1000)
	one.now = one.now.Add(1000 * time.Hour)
	one.sayTo2(100)
	require.Equal(t, 1000, one.entry.pathMTU(), "it stays")
}

// Of ESP in UDP no SPI is quoted: what goes between the same addresses and ports is
// meant, wherever the peer has moved.
func TestPathMTUOfESPInUDP(t *testing.T) {
	one, two := twoEnds(t)
	at := netip.MustParseAddrPort("10.0.0.2:4501")
	inUDP := func(a *Association) {
		a.UDP, a.LocalEnd, a.Peer = true, netip.AddrPortFrom(a.LocalEnd.Addr(), portNATT), netip.AddrPortFrom(a.Peer.Addr(), portNATT)
	}
	install(t, one, two, 0x1000, inUDP)
	sent := one.sends(1400)
	require.EqualValues(t, ip.ProtoUDP, sent[9])
	forged := bytes.Clone(sent)
	forged[23]++ // another port
	one.tells(forged, 1200)
	require.Equal(t, ip.EthernetMTU, one.entry.pathMTU())
	one.tells(sent, 1200)
	require.Equal(t, 1200, one.entry.pathMTU())
	pair := one.entry.pairs[0]
	one.crypto.Move(one.now, pair.inSPI, pair.LocalEnd, at)
	one.tells(sent, 1100)
	require.Equal(t, 1200, one.entry.pathMTU(), "nothing goes there any more")
	one.tells(one.sends(1100), 1000)
	require.Equal(t, 1000, one.entry.pathMTU())
	one.crypto.Move(one.now, pair.inSPI, pair.LocalEnd, netip.MustParseAddrPort("10.0.0.3:4501"))
	require.Equal(t, addr("10.0.0.3"), one.entry.States()[0].Remote, "the peer is where it was heard last")
	one.crypto.Delete(one.now, pair.inSPI)
	require.Empty(t, one.crypto.floated)
	require.Zero(t, one.crypto.leaving.Len())
}

// TestPlaintextMTU: the longest inner packet, as IOS shows it, by readings of real
// routers.
func TestPlaintextMTU(t *testing.T) {
	for _, c := range []struct {
		encr      ipsec.Encr
		integ     ipsec.IntegID
		transport bool
		udp       bool
		want      int
	}{
		{ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1, false, false, 1438},
		{ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, ipsec.IntegSHA256, false, false, 1438},
		{ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1, true, false, 1458},
		{ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1, false, true, 1422},
		{ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA512, false, false, 1422},
		{ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone, false, false, 1446},
		{ipsec.Encr{ID: ipsec.Encr3DES}, ipsec.IntegSHA1, false, false, 1446},
	} {
		one, two := twoEnds(t)
		install(t, one, two, 0x1000, func(a *Association) {
			a.Encr, a.Integ, a.Transport, a.UDP = c.encr, c.integ, c.transport, c.udp
			for _, k := range []*Keys{&a.In, &a.Out} {
				k.EncrKey, k.IntegKey = make([]byte, c.encr.KeyLen()), make([]byte, c.integ.KeyLen())
			}
		})
		require.Equal(t, c.want, one.entry.States()[0].PlaintextMTU, "%+v", c)
	}
}

// TestLongest: it fits, and nothing longer does, whatever the cipher's blocks, the mode and the
// padding for the sake of confidentiality.
func TestLongest(t *testing.T) {
	ciphers := []ipsec.Encr{{ID: ipsec.EncrAESGCM16, KeyBits: 128}, {ID: ipsec.EncrNULL}, {ID: ipsec.Encr3DES}, {ID: ipsec.EncrAESCBC, KeyBits: 256}}
	for _, encr := range ciphers {
		for _, transport := range []bool{false, true} {
			p := Params{Params: params(encr.ID), Local: everything, Remote: everything, Mode: Mode{Transport: transport}, Encapsulation: outside}
			p.Encr, p.EncrKey = encr, make([]byte, encr.KeyLen())
			s, err := newSealer(p, random())
			require.NoError(t, err)
			for _, s.pad = range []int{0, 100, 700, 2000} {
				for outer := 60; outer < 1600; outer++ {
					want := outer
					for want > minInner && want+s.overhead(want) > outer {
						want--
					}
					require.Equal(t, want, longest(&s, outer), "%v, transport mode %v, padded to %d, %d octets", encr, transport, s.pad, outer)
				}
			}
		}
	}
}
