package debug

import (
	"net/netip"
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
	"ikelab/router/operator"
	"ikelab/router/record"
)

var (
	all  = Switches{IKEv2: true, Packet: true, Internal: true, Error: true, IPsec: true}
	view = View{Generation: iosconfig.IOS151, LogSession: true, LogIKEv2: true}
)

// text is a record's lines, one below the other.
func text(b record.Body, s Switches) string {
	var lines []string
	for _, l := range Render(b, s, view) {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
}

// TestEveryFactHasASentence keeps the renderer complete.
func TestEveryFactHasASentence(t *testing.T) {
	for fact := ikev2.GettingKeyByAddress; fact <= ikev2.LimitReached; fact++ {
		lines := Render(&ikev2.Note{SA: ikev2.Ref{ID: 1}, What: fact, Name: "X", Addr: netip.MustParseAddr("10.0.0.1")}, all, view)
		require.NotEmpty(t, lines, "fact %d", fact)
		require.NotContains(t, lines[0].Text, "{", "fact %d", fact)
	}
}

// TestSwitches says which switch prints which kind of line.
func TestSwitches(t *testing.T) {
	for _, row := range []struct {
		on   Switches
		want []Class
	}{
		{Switches{}, []Class{Syslog}},
		{Switches{IPsec: true}, []Class{IPsec, Syslog}},
		{Switches{Error: true}, []Class{Error, Syslog}},
		{Switches{Packet: true}, []Class{Packet, Error, Syslog}},
		{Switches{Internal: true}, []Class{Trace, Fact, Internal, Error, Syslog}},
		{Switches{IKEv2: true}, []Class{Trace, Fact, Packet, Error, Syslog}},
		{Switches{Packet: true, Internal: true}, []Class{Trace, Fact, Internal, Packet, Error, Syslog}},
	} {
		var got []Class
		for c := Trace; c <= Syslog; c++ {
			if row.on.wants(c) {
				got = append(got, c)
			}
		}
		require.Equal(t, row.want, got, "%+v", row.on)
	}
	var s Switches
	s.SetIKEv2("packet", true)
	s.SetIKEv2("error", true)
	require.Equal(t, []string{"error", "packet"}, s.OnIKEv2())
}

// TestReasons: the error level says why, on both ends.
func TestReasons(t *testing.T) {
	sa := ikev2.Ref{ID: 3, SPIi: 1, SPIr: 2}
	errors := Switches{Error: true}
	for what, want := range map[ikev2.Fact]string{
		ikev2.AuthExchangeFailed: ": Auth exchange failed",
		ikev2.AuthDataFailed:     "Verification of peer's authentication data FAILED",
		ikev2.InvalidKEReceived:  ": The peer's KE payload contained the wrong DH group",
		ikev2.InvalidKESent:      ": The peer's KE payload contained the wrong DH group",
		ikev2.SendingAuthFailed:  ": Failed to authenticate the IKE SA",
		ikev2.ReceivedAuthFailed: ": Failed to authenticate the IKE SA",
	} {
		require.Equal(t, "IKEv2:(SA ID = 3):"+want, text(&ikev2.Note{SA: sa, What: what}, errors))
	}
	require.Empty(t, text(&ikev2.Note{SA: sa, What: ikev2.ProcessingInit}, errors))
	require.Equal(t, "IKEv2:(SA ID = 3):: The peer's KE payload contained the wrong DH group\n"+
		"IKEv2:(SA ID = 3):Processing invalid ke notification, we sent group 5, peer prefers group 14",
		text(&ikev2.Note{SA: sa, What: ikev2.InvalidKEReceived, A: 5, B: 14}, all))
	require.Equal(t, "IKEv2:(SA ID = 3):Sending DELETE INFO message for IKEv2 SA [ISPI: 0x0000000000000001 RSPI: 0x0000000000000002]",
		text(&ikev2.Note{SA: sa, What: ikev2.SendingDeleteIKE}, all))
	require.Equal(t, "IKEv2:Couldn't find matching SA", text(ikev2.Refused{Reason: ikev2.ErrUnknownSPI}, errors))
}

// TestBothOffers: a negotiation that finds nothing shows both sides' offers.
func TestBothOffers(t *testing.T) {
	aes := func(bits uint16) []wire.Proposal {
		return []wire.Proposal{{Number: 1, Protocol: wire.ProtoIKE, Transforms: []wire.Transform{
			{Type: wire.TypeEncr, ID: 12, KeyBits: bits}, {Type: wire.TypeDH, ID: 20},
		}}}
	}
	require.Equal(t, "IKEv2:(SA ID = 3):Received Policies: \nProposal 1:  AES-CBC-128 DH_GROUP_384_ECP/Group 20\n"+
		"IKEv2:(SA ID = 3):Expected Policies: \nProposal 1:  AES-CBC-256 DH_GROUP_384_ECP/Group 20",
		text(ikev2.NoProposal{SA: ikev2.Ref{ID: 3}, Protocol: wire.ProtoIKE, Received: aes(128), Local: aes(256)}, all))
}

// TestKeyEngine compares the key engine's blocks with IOS's layout.
func TestKeyEngine(t *testing.T) {
	a, b := netip.MustParseAddr("203.0.113.200"), netip.MustParseAddr("203.0.113.100")
	side := func(spi ipsec.SPI, id int) crypto.SAState {
		return crypto.SAState{SPI: spi, ConnID: id, Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, Integ: ipsec.IntegSHA512}
	}
	pair := crypto.Pair{In: side(0x63A278D7, 2005), Out: side(0x731256EB, 2006)}
	got := text(crypto.Installed{Local: a, Remote: b, Pair: pair, Lifetime: time.Hour, Kilobytes: 4608000}, all)
	require.Equal(t, "IPSEC(key_engine): got a queue event with 1 KMI message(s)\n"+
		"IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer 203.0.113.100\n"+
		"IPSEC(create_sa): sa created,\n  (sa) sa_dest= 203.0.113.200, sa_proto= 50, \n    sa_spi= 0x63A278D7(1671592151), \n"+
		"    sa_trans= esp-aes 256 esp-sha512-hmac , sa_conn_id= 2005\n    sa_lifetime(k/sec)= (4608000/3600),\n"+
		"  (identity) local= 203.0.113.200:0, remote= 203.0.113.100:0,\n    local_proxy= 0.0.0.0/0.0.0.0/256/0,\n    remote_proxy= 0.0.0.0/0.0.0.0/256/0\n"+
		"IPSEC(create_sa): sa created,\n  (sa) sa_dest= 203.0.113.100, sa_proto= 50, \n    sa_spi= 0x731256EB(1930581739), \n"+
		"    sa_trans= esp-aes 256 esp-sha512-hmac , sa_conn_id= 2006\n    sa_lifetime(k/sec)= (4608000/3600),\n"+
		"  (identity) local= 203.0.113.200:0, remote= 203.0.113.100:0,\n    local_proxy= 0.0.0.0/0.0.0.0/256/0,\n    remote_proxy= 0.0.0.0/0.0.0.0/256/0\n"+
		"IPSEC(key_engine): got a queue event with 1 KMI message(s)\nIPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP", got)
	require.Equal(t, "IPSEC(sa_request): ,\n  (key eng. msg.) OUTBOUND local= 203.0.113.200:500, remote= 203.0.113.100:500,\n"+
		"    local_proxy= 0.0.0.0/0.0.0.0/256/0,\n    remote_proxy= 0.0.0.0/0.0.0.0/256/0,\n"+
		"    protocol= ESP, transform= esp-aes 256 esp-sha256-hmac  (Tunnel), \n    lifedur= 3600s and 4608000kb, \n"+
		"    spi= 0x0(0), conn_id= 0, keysize= 256, flags= 0x0",
		text(crypto.Requested{Local: a, Remote: b, Encr: side(0, 0).Encr, Integ: ipsec.IntegSHA256, Lifetime: time.Hour, Kilobytes: 4608000}, all))
	require.Contains(t, text(crypto.Removed{Local: a, Remote: b, Pair: pair}, all), "IPSEC(delete_sa): deleting SA,\n  (sa) sa_dest= 203.0.113.200, ")
	require.Empty(t, text(crypto.Removed{Pair: pair}, Switches{IKEv2: true}))
	first := Render(crypto.Removed{Local: a, Remote: b, Pair: pair}, all, view)
	require.Equal(t, []bool{true, true, false}, []bool{first[0].Stamped, first[1].Stamped, first[2].Stamped}, "a stamp for each printout")
}

// TestSyslog is one message of each kind.
func TestSyslog(t *testing.T) {
	peer := netip.MustParseAddrPort("10.0.0.2:500")
	id := ikev2.Identity{Kind: wire.IDFQDN, Data: []byte("r2")}
	for want, b := range map[string]record.Body{
		"%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to up":                             ip.LinkChanged{Interface: "Ethernet0/0", Up: true, Physical: true},
		"%LINK-5-CHANGED: Interface Ethernet0/0, changed state to administratively down":         ip.LinkChanged{Interface: "Ethernet0/0", Shutdown: true},
		"%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to down":         ip.LineProtocolChanged{Interface: "Tunnel0"},
		"%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is ON":                                                  crypto.Switched{On: true},
		"%SYS-5-CONFIG_I: Configured from console by console":                                    operator.Configured{From: "console", By: "console"},
		"%SYS-5-RESTART: System restarted --":                                                    operator.Restarted{},
		"%CLEAR-5-COUNTERS: Clear counter on all interfaces by console":                          operator.CountersCleared{By: "console"},
		"%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Failed to find a matching policy": ikev2.Failure{Exchange: wire.IKE_SA_INIT, Reason: ikev2.ReasonNoProposal},
		"%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /10.0.0.1, src_addr= 10.0.0.2, prot= 1": crypto.Refused{
			Why: crypto.NotIPsec, From: peer.Addr(), To: netip.MustParseAddr("10.0.0.1"), Protocol: 1},
	} {
		require.Equal(t, want, text(b, Switches{}))
	}
	require.Equal(t, "%CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP  .  Peer 10.0.0.2:500       Id: r2\n"+
		"%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 10.0.0.2:500       Id: r2", text(ikev2.EntryUp{Peer: peer, ID: id}, Switches{}))
	require.Empty(t, Render(ikev2.EntryUp{Peer: peer, ID: id}, all, View{}), "unless it is configured")
	require.Empty(t, text(ikev2.EntryDown{Peer: peer, Reason: ikev2.ReasonNoProposal}, all), "said by the failure")
	require.Empty(t, text(ikev2.Failure{Exchange: wire.IKE_SA_INIT, Reason: ikev2.ReasonNoProposal, Sent: wire.INVALID_KE_PAYLOAD}, all), "the peer tries again")
	require.Empty(t, text(ikev2.Failure{Exchange: wire.CREATE_CHILD_SA, Reason: ikev2.ReasonNoProposal}, all))
	require.Equal(t, "RECVD_PKT_INV_SPI", Render(crypto.Refused{Why: crypto.InvalidSPI}, Switches{}, view)[0].Limit)
}

// TestRegistry: each kind has one row, and what is not known counts as secret.
func TestRegistry(t *testing.T) {
	require.Len(t, byName, len(kinds), "two rows have one name")
	for _, k := range Kinds() {
		require.NotEmpty(t, k.What, k.Body.Kind())
		require.Regexp(t, `^[a-z0-9]+\.[a-z_]+$`, k.Body.Kind())
	}
	require.True(t, Secret("ike.keys"))
	require.True(t, Secret("nobody.knows"))
	require.False(t, Secret("ike.step"))
}
