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
			if row.on.wants(c, iosconfig.IOS151) {
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
		"%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to up":                     ip.LinkChanged{Interface: "Ethernet0/0", Up: true, Physical: true},
		"%LINK-5-CHANGED: Interface Ethernet0/0, changed state to administratively down": ip.LinkChanged{Interface: "Ethernet0/0", Shutdown: true},
		"%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to down": ip.LineProtocolChanged{Interface: "Tunnel0"},
		"%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is ON":                                          crypto.Switched{On: true},
		"%SYS-6-CLOCKUPDATE: System clock has been updated from 20:28:34 UTC Mon Nov 11 2024 to 10:00:00 UTC Tue Jan 2 2024, configured from console by vty0.": operator.ClockSet{
			From: time.Date(2024, 11, 11, 20, 28, 34, 0, time.UTC), To: time.Date(2024, 1, 2, 10, 0, 0, 0, time.UTC), By: "vty0"},
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
