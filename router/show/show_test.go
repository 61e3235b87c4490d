package show

import (
	"encoding/json"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

const g151 = iosconfig.IOS151

var testNow = time.Date(2013, 11, 11, 20, 28, 34, 3e6, time.UTC)

func readLines(t *testing.T, path string) []string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// noteSA is the IKE SA of the tech note's screens, seen from one router.
func noteSA(first bool) ikev2.SAInfo {
	local, remote := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	sa := ikev2.SAInfo{
		ID: 1, SPIi: 0xE58F925107F8B73F, SPIr: 0xAFD098F4147869DA, Status: ikev2.StatusReady, State: ikev2.Ready,
		SASuite: ikev2.SASuite{Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, Integ: ipsec.IntegSHA1, PRF: ipsec.PRFSHA1, Group: 2}, Auth: [2]string{"PSK", "PSK"},
		Lifetime: 2 * time.Minute, Established: testNow.Add(-10 * time.Second), CEID: 6, Session: 4,
		Initiator: true, LocalNextID: 2, LocalWindow: 5, RemoteWindow: 5,
	}
	if !first {
		local, remote = remote, local
		sa.ID, sa.Initiator = 2, false
		sa.Established = testNow.Add(-37 * time.Second)
		sa.LocalNextID, sa.RemoteNextID = 0, 2
	}
	sa.Local, sa.Remote = netip.AddrPortFrom(local, 500), netip.AddrPortFrom(remote, 500)
	sa.LocalID = ikev2.Identity{Kind: wire.IDIPv4Addr, Data: local.AsSlice()}
	sa.RemoteID = ikev2.Identity{Kind: wire.IDIPv4Addr, Data: remote.AsSlice()}
	return sa
}

func noteSAs(first bool) []IKESA { return ikeSAs([]ikev2.SAInfo{noteSA(first)}, nil) }

// noteFlow is the tunnel of the tech note's screens.
func noteFlow(first bool) crypto.FlowState {
	side := func(spi ipsec.SPI, id int, kilobytes uint64) crypto.SAState {
		return crypto.SAState{SPI: spi, ConnID: id, Encr: ipsec.Encr{ID: ipsec.Encr3DES}, Integ: ipsec.IntegSHA1, Window: 64, Kilobytes: kilobytes}
	}
	all := []crypto.Selector{{EndPort: 65535, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255")}}
	f := crypto.FlowState{
		Interface: "Tunnel0", OutInterface: "Ethernet0/0", PathMTU: 1500,
		Ends: crypto.Ends{Local: netip.MustParseAddr("10.0.0.1"), Remote: netip.MustParseAddr("10.0.0.2")}, Encaps: 10, Decaps: 10, Sending: 0xF6083ADD,
		Pairs: []crypto.Pair{{
			In: side(0x6B74CB79, 18, 4276853), Out: side(0xF6083ADD, 17, 4276853), Local: all, Remote: all, Expires: testNow.Add(3592 * time.Second),
		}},
		UpSince: testNow.Add(-10 * time.Second),
	}
	if !first {
		f.Local, f.Remote, f.Encaps, f.Decaps, f.Sending = f.Remote, f.Local, 5, 5, 0x6B74CB79
		f.Pairs = []crypto.Pair{{
			In: side(0xF6083ADD, 17, 4347479), Out: side(0x6B74CB79, 18, 4347479), Local: all, Remote: all, Expires: testNow.Add(3584 * time.Second),
		}}
	}
	return f
}

// TestTechNoteScreens renders the tech note's six screens from the values they
// show; every octet must be the note's.
func TestTechNoteScreens(t *testing.T) {
	for _, row := range []struct {
		name  string
		first bool
	}{{"R1", true}, {"R2", false}} {
		flows, sas := []crypto.FlowState{noteFlow(row.first)}, noteSAs(row.first)
		for name, s := range map[string]Screen{
			"show-crypto-ikev2-sa-detailed": IKEv2SAs{Now: testNow, SAs: sas, Detailed: true},
			"show-crypto-ipsec-sa":          IPsecSAs{Now: testNow, Flows: flows},
			"show-crypto-session":           cryptoSessionsOf(testNow, flows, sas, false),
		} {
			require.Equal(t, readLines(t, "testdata/"+name+"."+row.name+".txt"), s.Lines(g151))
		}
	}
}

// TestShowIKEv2SA is the short screen: 15.1 names the PRF in neither form, XE
// in both, so that a generation agrees with itself.
func TestShowIKEv2SA(t *testing.T) {
	require.Equal(t, []string{
		" IPv4 Crypto IKEv2  SA", "",
		"Tunnel-id Local                 Remote                fvrf/ivrf            Status",
		"1         10.0.0.1/500          10.0.0.2/500          none/none            READY",
		"      Encr: AES-CBC, keysize: 128, Hash: SHA96, DH Grp:2, Auth sign: PSK, Auth verify: PSK",
		"      Life/Active Time: 120/10 sec", "", " IPv6 Crypto IKEv2  SA", "",
	}, IKEv2SAs{Now: testNow, SAs: noteSAs(true)}.Lines(g151))
	require.Empty(t, IKEv2SAs{}.Lines(g151), "without an SA IOS prints nothing")
	for _, g := range []iosconfig.Generation{g151, iosconfig.XE17} {
		short, long := IKEv2SAs{SAs: noteSAs(true)}.Lines(g), IKEv2SAs{SAs: noteSAs(true), Detailed: true}.Lines(g)
		require.Equal(t, short[4], long[4])
		require.Equal(t, g == iosconfig.XE17, strings.Contains(short[4], "PRF: SHA1, "))
	}
}

// TestOrderOfSAs: rows are sorted by the local SPI.
func TestOrderOfSAs(t *testing.T) {
	a, b := noteSA(true), noteSA(false)
	a.ID, b.ID = 7, 3
	list := ikeSAs([]ikev2.SAInfo{a, b}, nil)
	require.Equal(t, []int{3, 7}, []int{list[0].ID, list[1].ID})
	require.Equal(t, []string{"AFD098F4147869DA", "E58F925107F8B73F"}, []string{list[0].LocalSPI, list[1].LocalSPI})
}

// TestHalfOpenSA shows an SA that has negotiated nothing yet.
func TestHalfOpenSA(t *testing.T) {
	sa := noteSA(true)
	sa.Status, sa.Encr, sa.Integ, sa.PRF, sa.Group, sa.Auth, sa.Established = ikev2.StatusInNeg, ipsec.Encr{}, 0, 0, 0, [2]string{}, time.Time{}
	lines := IKEv2SAs{Now: testNow, SAs: ikeSAs([]ikev2.SAInfo{sa}, nil)}.Lines(g151)
	require.Contains(t, lines, "1         10.0.0.1/500          10.0.0.2/500          none/none            IN-NEG")
	require.Contains(t, lines, "      Encr: Unknown - 0, Hash: None, DH Grp:0, Auth sign: Unknown - 0, Auth verify: Unknown - 0")
	require.Contains(t, lines, "      Life/Active Time: 120/0 sec")
}

// TestAlgorithmsOnScreen: 3DES has no key size, AES-GCM no hash.
func TestAlgorithmsOnScreen(t *testing.T) {
	sa := noteSA(true)
	sa.Encr = ipsec.Encr{ID: ipsec.Encr3DES}
	require.Equal(t, "Encr: 3DES, Hash: SHA96, DH Grp:2, Auth sign: PSK, Auth verify: PSK", ikeSuite(sa).text(g151))
	sa.Encr, sa.Integ, sa.PRF, sa.Group = ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 256}, 0, ipsec.PRFSHA384, 20
	require.Equal(t, "Encr: AES-GCM, keysize: 256, PRF: SHA384, Hash: None, DH Grp:20, Auth sign: PSK, Auth verify: PSK", ikeSuite(sa).text(iosconfig.XE17))
}

// TestIPsecWithoutSA shows a tunnel that is down: no group, no SPI, no SAs.
func TestIPsecWithoutSA(t *testing.T) {
	f := noteFlow(true)
	f.Pairs, f.Sending = nil, 0
	lines := IPsecSAs{Now: testNow, Flows: []crypto.FlowState{f}}.Lines(g151)
	require.Contains(t, lines, "     current outbound spi: 0x0(0)")
	require.Contains(t, lines, "     PFS (Y/N): N, DH group: none")
	require.NotContains(t, lines, "        Status: ACTIVE(ACTIVE)")
}

// TestPFSOnScreen: the group shows once an exchange with PFS made the pair.
func TestPFSOnScreen(t *testing.T) {
	f := noteFlow(true)
	f.Pairs[0].PFS = 14
	require.Contains(t, IPsecSAs{Now: testNow, Flows: []crypto.FlowState{f}}.Lines(g151), "     PFS (Y/N): Y, DH group: group14")
}

func TestCryptoStatus(t *testing.T) {
	up, down := noteFlow(true), noteFlow(true)
	down.Pairs = nil
	negotiating := noteSA(true)
	negotiating.Status = ikev2.StatusInNeg
	for _, row := range []struct {
		want string
		flow crypto.FlowState
		sas  []IKESA
	}{
		{"UP-ACTIVE", up, noteSAs(true)}, {"UP-IDLE", down, noteSAs(true)}, {"UP-NO-IKE", up, nil},
		{"DOWN-NEGOTIATING", down, ikeSAs([]ikev2.SAInfo{negotiating}, nil)}, {"DOWN", down, nil},
	} {
		require.Equal(t, row.want, cryptoSessionsOf(testNow, []crypto.FlowState{row.flow}, row.sas, false).Sessions[0].Status)
	}
}

// TestSessionDetail has the lines that parsers of the screen require.
func TestSessionDetail(t *testing.T) {
	lines := cryptoSessionsOf(testNow, []crypto.FlowState{noteFlow(true)}, noteSAs(true), true).Lines(g151)
	require.Equal(t, []string{
		"Interface: Tunnel0", "Uptime: 00:00:10", "Session status: UP-ACTIVE", "Peer: 10.0.0.2 port 500 fvrf: (none) ivrf: (none)",
		"      Phase1_id: 10.0.0.2", "      Desc: (none)",
		"  IKEv2 SA: local 10.0.0.1/500 remote 10.0.0.2/500 Active",
		"          Capabilities:(none) connid:1 lifetime:00:01:50",
		"  IPSEC FLOW: permit ip 0.0.0.0/0.0.0.0 0.0.0.0/0.0.0.0 ",
		"        Active SAs: 2, origin: crypto map",
		"        Inbound:  #pkts dec'ed 10 drop 0 life (KB/Sec) 4276853/3592",
		"        Outbound: #pkts enc'ed 10 drop 0 life (KB/Sec) 4276853/3592",
	}, lines[6:])
}

// TestSessionsOfNewerImages name the IKEv2 profile and the session.
func TestSessionsOfNewerImages(t *testing.T) {
	sas := noteSAs(true)
	sas[0].Profile, sas[0].Session = "prof", 3
	for _, detail := range []bool{false, true} {
		lines := cryptoSessionsOf(testNow, []crypto.FlowState{noteFlow(true)}, sas, detail).Lines(iosconfig.XE17)
		require.Subset(t, lines, []string{"Interface: Tunnel0", "Profile: prof", "Session status: UP-ACTIVE", "  Session ID: 3  "})
		old := cryptoSessionsOf(testNow, []crypto.FlowState{noteFlow(true)}, sas, detail).Lines(g151)
		require.NotContains(t, old, "Profile: prof")
	}
}

// TestShowRoutes groups routes by their classful network.
func TestShowRoutes(t *testing.T) {
	prefix := netip.MustParsePrefix
	routes := []ip.RouteState{
		{Code: "S", Prefix: prefix("192.168.2.1/32"), Interface: "Tunnel0", Distance: 1},
		{Code: "S", Prefix: prefix("0.0.0.0/0"), NextHop: netip.MustParseAddr("10.0.0.2"), Distance: 1},
		{Code: "C", Prefix: prefix("10.0.0.0/24"), Interface: "Ethernet0/0"},
		{Code: "L", Prefix: prefix("10.0.0.1/32"), Interface: "Ethernet0/0"},
	}
	require.Contains(t, RoutesOf(routes[2:], "").Lines(g151), "Gateway of last resort is not set")
	require.Equal(t, []string{
		"Gateway of last resort is 10.0.0.2 to network 0.0.0.0", "",
		"S*    0.0.0.0/0 [1/0] via 10.0.0.2",
		"      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks",
		"C        10.0.0.0/24 is directly connected, Ethernet0/0",
		"L        10.0.0.1/32 is directly connected, Ethernet0/0",
		"      192.168.2.0/32 is subnetted, 1 subnets",
		"S        192.168.2.1 is directly connected, Tunnel0",
	}, RoutesOf(routes, "").Lines(g151)[len(routeCodes):])
	require.Len(t, RoutesOf(routes, "LC").Routes, 2)
}

// TestLinesThatParsersNeed: people's tools look for these.
func TestLinesThatParsersNeed(t *testing.T) {
	require.Equal(t, "Technical Support: http://www.cisco.com/techsupport", Version{Now: testNow, Started: testNow}.Lines(g151)[1])
	require.Contains(t, Logging{Trap: LogTarget{Level: 6, Messages: 3}}.Lines(g151), "    Trap logging: level informational, 3 message lines logged")
	require.Greater(t, len(Terminal{}.Lines(g151)), 20)
}

// TestJSON: what the text says comes from the struct that JSON shows. Each
// value that a screen's text has is looked up in the JSON form.
func TestJSON(t *testing.T) {
	flows, sas := []crypto.FlowState{noteFlow(true)}, noteSAs(true)
	for _, row := range []struct {
		s    Screen
		both []string // stand in the text and in the JSON
	}{
		{IKEv2SAs{testNow, sas, true}, []string{"E58F925107F8B73F", "AFD098F4147869DA", "READY", "AES-CBC", "SHA96", "1006", "Negotiation done"}},
		{IPsecSAs{testNow, flows, false}, []string{"0x6B74CB79", "0xF6083ADD", "4276853", "Tunnel0", "1500", "10.0.0.2"}},
		{cryptoSessionsOf(testNow, flows, sas, true), []string{"UP-ACTIVE", "4276853", "10.0.0.2"}},
	} {
		text, data := strings.Join(row.s.Lines(g151), "\n"), strings.Join(JSON(row.s), "\n")
		require.True(t, json.Valid([]byte(data)))
		for _, v := range row.both {
			require.Contains(t, text, v)
			require.Contains(t, data, v)
		}
	}
	var back struct {
		SAs []struct {
			Local    netip.AddrPort `json:"local"`
			Lifetime int            `json:"lifetime_seconds"`
			Suite    map[string]any `json:"suite"`
		} `json:"ike_sas"`
	}
	require.NoError(t, json.Unmarshal([]byte(strings.Join(JSON(IKEv2SAs{Now: testNow, SAs: sas}), "\n")), &back))
	require.Equal(t, "10.0.0.1:500", back.SAs[0].Local.String())
	require.Equal(t, 120, back.SAs[0].Lifetime)
	require.EqualValues(t, 128, back.SAs[0].Suite["key_size"])
}
