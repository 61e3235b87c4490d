package router

import (
	"net/netip"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
)

var testNow = time.Date(2013, 11, 11, 20, 28, 34, 3e6, time.UTC)

// noteSA is the IKE SA of the tech note's screens, seen from one router.
func noteSA(first bool) ikev2.SAInfo {
	local, remote := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	sa := ikev2.SAInfo{
		ID: 1, SPIi: 0xE58F925107F8B73F, SPIr: 0xAFD098F4147869DA, Status: ikev2.StatusReady, Description: "Negotiation done",
		Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, Integ: ipsec.IntegSHA1, PRF: ipsec.PRFSHA1, Group: 2, AuthPSK: true,
		Lifetime: 2 * time.Minute, Established: testNow.Add(-10 * time.Second), CEID: 6, Session: 4,
		Initiator: true, LocalReqID: 2, LocalNextID: 2, LocalQueued: 2, LocalWindow: 5, RemoteWindow: 5,
	}
	if !first {
		local, remote = remote, local
		sa.ID, sa.Initiator = 2, false
		sa.Established = testNow.Add(-37 * time.Second)
		sa.RemoteReqID, sa.RemoteNextID, sa.RemoteQueued = 2, 2, 2
		sa.LocalReqID, sa.LocalNextID, sa.LocalQueued = 0, 0, 0
	}
	sa.Local, sa.Remote = netip.AddrPortFrom(local, 500), netip.AddrPortFrom(remote, 500)
	sa.LocalID = ikev2.Identity{Kind: wire.IDIPv4Addr, Data: local.AsSlice()}
	sa.RemoteID = ikev2.Identity{Kind: wire.IDIPv4Addr, Data: remote.AsSlice()}
	return sa
}

func anySelector() []spd.Selector {
	return []spd.Selector{{EndPort: 65535, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255")}}
}

// noteTunnel is the tunnel of the tech note's screens.
func noteTunnel(first bool) tunnelView {
	params := func(spi ipsec.SPI) crypto.Params {
		return crypto.Params{Params: esp.Params{SPI: spi, Encr: ipsec.Encr{ID: ipsec.Encr3DES}, Integ: ipsec.IntegSHA1, Window: 64}, Local: anySelector(), Remote: anySelector()}
	}
	t := tunnelView{
		Config: &iosconfig.Interface{Type: iosconfig.Tunnel, Number: "0"}, Source: "Ethernet0/0", PathMTU: 1500,
		Local: netip.MustParseAddr("10.0.0.1"), Remote: netip.MustParseAddr("10.0.0.2"), Encaps: 10, Decaps: 10, Sending: 0xF6083ADD,
		Pairs: []saView{{
			Tunnel: "Tunnel0", In: params(0x6B74CB79), Out: params(0xF6083ADD), InID: 18, OutID: 17,
			Expires: testNow.Add(3592 * time.Second), KilobytesIn: 4276853, KilobytesOut: 4276853,
		}},
		UpSince: testNow.Add(-10 * time.Second),
	}
	if !first {
		t.Local, t.Remote, t.Encaps, t.Decaps, t.Sending = t.Remote, t.Local, 5, 5, 0x6B74CB79
		p := &t.Pairs[0]
		p.In, p.Out, p.InID, p.OutID = p.Out, p.In, 17, 18
		p.Expires, p.KilobytesIn, p.KilobytesOut = testNow.Add(3584*time.Second), 4347479, 4347479
	}
	return t
}

// TestTechNoteScreens renders the tech note's six screens from the values they
// show; every octet must be the note's.
func TestTechNoteScreens(t *testing.T) {
	for _, row := range []struct {
		name  string
		first bool
	}{{"R1", true}, {"R2", false}} {
		x := &exec{now: testNow}
		x.showIKEv2SADetailed([]ikev2.SAInfo{noteSA(row.first)})
		require.Equal(t, readLines(t, "testdata/show-crypto-ikev2-sa-detailed."+row.name+".txt"), x.take())
		x.ipsecTunnel(noteTunnel(row.first))
		require.Equal(t, readLines(t, "testdata/show-crypto-ipsec-sa."+row.name+".txt"), x.take())
		x.line("Crypto session current status").line("").session(noteTunnel(row.first), []ikev2.SAInfo{noteSA(row.first)})
		require.Equal(t, readLines(t, "testdata/show-crypto-session."+row.name+".txt"), x.take())
	}
}

// TestShowIKEv2SA is the short screen, as a parser of IOS screens needs it.
func TestShowIKEv2SA(t *testing.T) {
	x := &exec{now: testNow}
	x.showIKEv2SA([]ikev2.SAInfo{noteSA(true)})
	require.Equal(t, []string{
		" IPv4 Crypto IKEv2  SA", "",
		"Tunnel-id Local                 Remote                fvrf/ivrf            Status",
		"1         10.0.0.1/500          10.0.0.2/500          none/none            READY",
		"      Encr: AES-CBC, keysize: 128, PRF: SHA1, Hash: SHA96, DH Grp:2, Auth sign: PSK, Auth verify: PSK",
		"      Life/Active Time: 120/10 sec", "", " IPv6 Crypto IKEv2  SA", "",
	}, x.take())
	x.showIKEv2SA(nil)
	require.Empty(t, x.take(), "without an SA IOS prints nothing")
}

// TestHalfOpenSA shows an SA that has negotiated nothing yet.
func TestHalfOpenSA(t *testing.T) {
	sa := noteSA(true)
	sa.Status, sa.Encr, sa.Integ, sa.PRF, sa.Group, sa.AuthPSK, sa.Established = ikev2.StatusInNeg, ipsec.Encr{}, 0, 0, 0, false, time.Time{}
	x := &exec{now: testNow}
	x.showIKEv2SA([]ikev2.SAInfo{sa})
	require.Contains(t, x.out, "1         10.0.0.1/500          10.0.0.2/500          none/none            IN-NEG")
	require.Contains(t, x.out, "      Encr: Unknown - 0, PRF: Unknown - 0, Hash: None, DH Grp:0, Auth sign: Unknown - 0, Auth verify: Unknown - 0")
	require.Contains(t, x.out, "      Life/Active Time: 120/0 sec")
}

// TestAlgorithmsOnScreen: 3DES has no key size, AES-GCM no hash.
func TestAlgorithmsOnScreen(t *testing.T) {
	sa := noteSA(true)
	sa.Encr = ipsec.Encr{ID: ipsec.Encr3DES}
	require.Equal(t, "Encr: 3DES, Hash: SHA96, DH Grp:2, Auth sign: PSK, Auth verify: PSK", ikeSuite(sa, false))
	sa.Encr, sa.Integ, sa.PRF, sa.Group = ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 256}, 0, ipsec.PRFSHA384, 20
	require.Equal(t, "Encr: AES-GCM, keysize: 256, PRF: SHA384, Hash: None, DH Grp:20, Auth sign: PSK, Auth verify: PSK", ikeSuite(sa, true))
	for want, e := range map[string]ipsec.Encr{
		"esp-aes": {ID: ipsec.EncrAESCBC, KeyBits: 128}, "esp-256-aes": {ID: ipsec.EncrAESCBC, KeyBits: 256},
		"esp-gcm": {ID: ipsec.EncrAESGCM16, KeyBits: 128}, "esp-gcm 256": {ID: ipsec.EncrAESGCM16, KeyBits: 256},
		"esp-des": {ID: ipsec.EncrDES}, "esp-null": {ID: ipsec.EncrNULL},
	} {
		require.Equal(t, want, espTransform(e, ipsec.IntegNone))
	}
}

// TestIPsecWithoutSA shows a tunnel that is down: no group, no SPI, no SAs.
func TestIPsecWithoutSA(t *testing.T) {
	v := noteTunnel(true)
	v.Pairs, v.Sending = nil, 0
	x := &exec{now: testNow}
	x.ipsecTunnel(v)
	require.Contains(t, x.out, "     current outbound spi: 0x0(0)")
	require.Contains(t, x.out, "     PFS (Y/N): N, DH group: none")
	require.NotContains(t, x.out, "        Status: ACTIVE(ACTIVE)")
}

// TestPFSOnScreen: the group shows once an exchange with PFS made the pair.
func TestPFSOnScreen(t *testing.T) {
	v := noteTunnel(true)
	v.Pairs[0].PFS = 14
	x := &exec{now: testNow}
	x.ipsecTunnel(v)
	require.Contains(t, x.out, "     PFS (Y/N): Y, DH group: group14")
}

func TestCryptoStatus(t *testing.T) {
	up, down := noteTunnel(true), noteTunnel(true)
	down.Pairs = nil
	ready, negotiating := noteSA(true), noteSA(true)
	negotiating.Status = ikev2.StatusInNeg
	for _, row := range []struct {
		want string
		t    tunnelView
		sas  []ikev2.SAInfo
	}{
		{"UP-ACTIVE", up, []ikev2.SAInfo{ready}}, {"UP-IDLE", down, []ikev2.SAInfo{ready}}, {"UP-NO-IKE", up, nil},
		{"DOWN-NEGOTIATING", down, []ikev2.SAInfo{negotiating}}, {"DOWN", down, nil},
	} {
		require.Equal(t, row.want, cryptoStatus(row.t, row.sas))
	}
}

// TestSessionDetail has the lines that parsers of the screen require.
func TestSessionDetail(t *testing.T) {
	x := &exec{now: testNow}
	x.sessionDetail(noteTunnel(true), []ikev2.SAInfo{noteSA(true)})
	require.Equal(t, []string{
		"Interface: Tunnel0", "Uptime: 00:00:10", "Session status: UP-ACTIVE", "Peer: 10.0.0.2 port 500 fvrf: (none) ivrf: (none)",
		"      Phase1_id: 10.0.0.2", "      Desc: (none)",
		"  IKEv2 SA: local 10.0.0.1/500 remote 10.0.0.2/500 Active",
		"          Capabilities:(none) connid:1 lifetime:00:01:50",
		"  IPSEC FLOW: permit ip 0.0.0.0/0.0.0.0 0.0.0.0/0.0.0.0 ",
		"        Active SAs: 2, origin: crypto map",
		"        Inbound:  #pkts dec'ed 10 drop 0 life (KB/Sec) 4276853/3592",
		"        Outbound: #pkts enc'ed 10 drop 0 life (KB/Sec) 4276853/3592",
	}, x.take())
}

// TestShowRoutes groups routes by their classful network.
func TestShowRoutes(t *testing.T) {
	prefix := netip.MustParsePrefix
	x := &exec{}
	routes := []routeView{
		{Code: 'S', Prefix: prefix("0.0.0.0/0"), NextHop: netip.MustParseAddr("10.0.0.2"), Distance: 1},
		{Code: 'C', Prefix: prefix("10.0.0.0/24"), Interface: "Ethernet0/0"},
		{Code: 'L', Prefix: prefix("10.0.0.1/32"), Interface: "Ethernet0/0"},
		{Code: 'S', Prefix: prefix("192.168.2.1/32"), Interface: "Tunnel0", Distance: 1},
	}
	require.Equal(t, "Gateway of last resort is 10.0.0.2 to network 0.0.0.0", lastResort(routes))
	require.Equal(t, "Gateway of last resort is not set", lastResort(routes[1:]))
	x.routes(routes)
	require.Equal(t, []string{
		"S*    0.0.0.0/0 [1/0] via 10.0.0.2",
		"      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks",
		"C        10.0.0.0/24 is directly connected, Ethernet0/0",
		"L        10.0.0.1/32 is directly connected, Ethernet0/0",
		"      192.168.2.0/32 is subnetted, 1 subnets",
		"S        192.168.2.1 is directly connected, Tunnel0",
	}, x.take())
}

func TestAges(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"00:00:05": 5*time.Second + 900*time.Millisecond, "23:59:59": 24*time.Hour - 1, "1d02h": 26*time.Hour + time.Minute,
		"2w3d": 17 * 24 * time.Hour, "1y05w": 400 * 24 * time.Hour,
	} {
		require.Equal(t, want, shortAge(d))
	}
	require.Equal(t, "0 minutes", longAge(time.Second))
	require.Equal(t, "1 day, 16 hours, 42 minutes", longAge(40*time.Hour+42*time.Minute))
	require.Equal(t, "1 minute", longAge(time.Minute))
}

// TestWiresharkRows compares rows with the forms that tshark 4.0 accepts.
func TestWiresharkRows(t *testing.T) {
	ike, ok := wiresharkIKE(ikev2.Keys{
		SA: ikev2.Ref{SPIi: 1, SPIr: 0xAFD098F4147869DA}, Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, Integ: ipsec.IntegSHA1,
		EncrI: []byte{1, 2}, EncrR: []byte{3, 4}, AuthI: []byte{5}, AuthR: []byte{6},
	})
	require.True(t, ok)
	require.Equal(t, `0000000000000001,afd098f4147869da,0102,0304,"AES-CBC-128 [RFC3602]",05,06,"HMAC_SHA1_96 [RFC2404]"`, ike.Row)
	gcm, _ := wiresharkIKE(ikev2.Keys{Encr: ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 256}, EncrI: []byte{1}, EncrR: []byte{2}})
	require.Equal(t, `0000000000000000,0000000000000000,01,02,"AES-GCM-256 with 16 octet ICV [RFC5282]",,,"NONE [RFC4306]"`, gcm.Row)
	_, ok = wiresharkIKE(ikev2.Keys{Encr: ipsec.Encr{ID: ipsec.EncrDES}})
	require.False(t, ok, "Wireshark has no name for DES there")
	p := crypto.Params{Params: esp.Params{SPI: 0x1234, Encr: ipsec.Encr{ID: ipsec.Encr3DES}, Integ: ipsec.IntegSHA1, EncrKey: []byte{0xab}, IntegKey: []byte{0xcd}},
		Encapsulation: crypto.Encapsulation{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2")}}
	require.Equal(t, `"IPv4","10.0.0.1","10.0.0.2","0x00001234","TripleDES-CBC [RFC2451]","0xab","HMAC-SHA-1-96 [RFC2404]","0xcd"`, wiresharkESP(p).Row)
	p.Encr, p.Integ, p.IntegKey = ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone, nil
	require.Regexp(t, regexp.MustCompile(`"AES-GCM with 16 octet ICV \[RFC4106\]","0xab","NULL",""$`), wiresharkESP(p).Row)
}
