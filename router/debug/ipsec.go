package debug

import (
	"fmt"
	"net/netip"
	"strings"

	"ikelab/router/crypto"
	"ikelab/router/words"
)

// What the key engine says with `debug crypto ipsec`.

const queueEvent = "IPSEC(key_engine): got a queue event with 1 KMI message(s)"

// block is what the key engine prints in one go.
func block(lines ...string) []Line {
	var out []Line
	for i, l := range strings.Split(strings.Join(lines, "\n"), "\n") {
		if i == 0 {
			out = append(out, stamped(IPsec, l))
		} else {
			out = append(out, follows(IPsec, l))
		}
	}
	return out
}

// requestedLines is what the key engine asks IKE for.
func requestedLines(_ View, b crypto.Requested) []Line {
	mode := "Tunnel"
	if b.Transport {
		mode = "Transport"
	}
	return block(
		"IPSEC(sa_request): ,",
		fmt.Sprintf("  (key eng. msg.) OUTBOUND local= %v:500, remote= %v:500,", b.Local, b.Remote),
		"    local_proxy= "+proxyText(b.LocalIdent)+",",
		"    remote_proxy= "+proxyText(b.RemoteIdent)+",",
		fmt.Sprintf("    protocol= ESP, transform= %s  (%s), ", words.TypedESP(b.Encr, b.Integ), mode),
		fmt.Sprintf("    lifedur= %ds and %dkb, ", words.Seconds(b.Lifetime), b.Kilobytes),
		fmt.Sprintf("    spi= 0x0(0), conn_id= 0, keysize= %d, flags= 0x0", b.Encr.KeyBits))
}

// proxyText is a selector; none selects everything.
func proxyText(s crypto.Selector) string {
	if !s.Start.IsValid() {
		return words.AnyIdent
	}
	return words.Ident(s.Start, s.End, s.Proto, s.StartPort, s.EndPort, words.AnyProtocol)
}

func firstProxy(list []crypto.Selector) string {
	if len(list) == 0 {
		return words.AnyIdent
	}
	return proxyText(list[0])
}

func installedLines(_ View, b crypto.Installed) []Line {
	lines := block(queueEvent)
	if b.Replaces == 0 {
		lines = append(lines, block(fmt.Sprintf("IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer %v", b.Remote))...)
	}
	lines = append(lines, createBlock(b, b.Pair.In, b.Local)...)
	lines = append(lines, createBlock(b, b.Pair.Out, b.Remote)...)
	lines = append(lines, block(queueEvent)...)
	return append(lines, block("IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP")...)
}

// createBlock is one direction of a pair that was installed; the identity is
// the same for both.
func createBlock(b crypto.Installed, sa crypto.SAState, dst netip.Addr) []Line {
	return block(
		fmt.Sprintf("IPSEC(create_sa): sa created,\n%s, sa_conn_id= %d", saText(sa, dst), sa.ConnID),
		fmt.Sprintf("    sa_lifetime(k/sec)= (%d/%d),", b.Kilobytes, words.Seconds(b.Lifetime)),
		fmt.Sprintf("  (identity) local= %v:0, remote= %v:0,", b.Local, b.Remote),
		"    local_proxy= "+firstProxy(b.Pair.Local)+",",
		"    remote_proxy= "+firstProxy(b.Pair.Remote))
}

func removedLines(_ View, b crypto.Removed) []Line {
	lines := block(queueEvent)
	lines = append(lines, block("IPSEC(delete_sa): deleting SA,", saText(b.Pair.In, b.Local))...)
	return append(lines, block("IPSEC(delete_sa): deleting SA,", saText(b.Pair.Out, b.Remote))...)
}

func saText(sa crypto.SAState, dst netip.Addr) string {
	return fmt.Sprintf("  (sa) sa_dest= %v, sa_proto= 50, \n    sa_spi= %s, \n    sa_trans= %s ",
		words.Addr(dst), words.SPI(sa.SPI), words.TypedESP(sa.Encr, sa.Integ))
}
