package router

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
)

// TestIPsecDebug compares the key engine's blocks with IOS's layout.
func TestIPsecDebug(t *testing.T) {
	a, b := netip.MustParseAddr("203.0.113.200"), netip.MustParseAddr("203.0.113.100")
	params := func(spi ipsec.SPI, src, dst netip.Addr) crypto.Params {
		return crypto.Params{Params: esp.Params{SPI: spi, Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, Integ: ipsec.IntegSHA512},
			Local: []spd.Selector{spd.AnyIPv4()}, Remote: []spd.Selector{spd.AnyIPv4()}, Encapsulation: crypto.Encapsulation{Src: src, Dst: dst}}
	}
	pair := espPair{In: params(0x63A278D7, b, a), Out: params(0x731256EB, a, b),
		ChildSA: ikev2.ChildSA{Lifetime: time.Hour, Kilobytes: 4608000, Peer: netip.AddrPortFrom(b, 500)}}
	blocks := renderIPsec(ipsecCreated{pair}, func(spi ipsec.SPI) int { return map[ipsec.SPI]int{0x63A278D7: 2005, 0x731256EB: 2006}[spi] })
	require.Len(t, blocks, 6)
	require.Equal(t, "IPSEC(create_sa): sa created,\n  (sa) sa_dest= 203.0.113.200, sa_proto= 50, \n    sa_spi= 0x63A278D7(1671592151), \n"+
		"    sa_trans= esp-aes 256 esp-sha512-hmac , sa_conn_id= 2005\n    sa_lifetime(k/sec)= (4608000/3600),\n"+
		"  (identity) local= 203.0.113.200:0, remote= 203.0.113.100:0,\n    local_proxy= 0.0.0.0/0.0.0.0/256/0,\n    remote_proxy= 0.0.0.0/0.0.0.0/256/0", blocks[2])
	require.Contains(t, blocks[3], "sa_dest= 203.0.113.100, sa_proto= 50, \n    sa_spi= 0x731256EB(1930581739), ")
	request := renderIPsec(ipsecRequest{ikev2.ChildPolicy{
		Local: a, Remote: b, Suites: []ikev2.ESPSuite{{Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, Integ: ipsec.IntegSHA256}},
		Lifetime: time.Hour, Kilobytes: 4608000,
	}}, nil)
	require.Equal(t, []string{"IPSEC(sa_request): ,\n  (key eng. msg.) OUTBOUND local= 203.0.113.200:500, remote= 203.0.113.100:500,\n" +
		"    local_proxy= 0.0.0.0/0.0.0.0/256/0,\n    remote_proxy= 0.0.0.0/0.0.0.0/256/0,\n" +
		"    protocol= ESP, transform= esp-aes 256 esp-sha256-hmac  (Tunnel), \n    lifedur= 3600s and 4608000kb, \n" +
		"    spi= 0x0(0), conn_id= 0, keysize= 256, flags= 0x0"}, request)
	require.Len(t, renderIPsec(ipsecDeleted{In: pair.In, Out: pair.Out}, nil), 3)
}
