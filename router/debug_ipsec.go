package router

import (
	"fmt"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// What the key engine tells `debug crypto ipsec`.

// ipsecRequest is a flow that asks for SAs.
type ipsecRequest struct{ Flow ikev2.ChildPolicy }

// ipsecCreated is a pair of SAs that was installed.
type ipsecCreated struct{ Pair espPair }

// ipsecDeleted is a pair of SAs that was removed.
type ipsecDeleted struct {
	In, Out crypto.Params
	Reason  ikev2.Reason
}

// traceIPsec renders one of ipsecRequest, ipsecCreated and ipsecDeleted for
// `debug crypto ipsec`.
func (r *Router) traceIPsec(now time.Time, ev any) {
	if !r.shell.debug.IPsec {
		return
	}
	for _, block := range renderIPsec(ev, r.connection) {
		lines := strings.Split(block, "\n")
		r.emitLog(severityDebugging, r.debugStamp(now)+lines[0])
		for _, l := range lines[1:] {
			r.emitLog(severityDebugging, l)
		}
	}
}

// renderIPsec is an event in the key engine's words, one string a printout.
// connection gives the id of an SA that is installed.
func renderIPsec(ev any, connection func(ipsec.SPI) int) []string {
	switch ev := ev.(type) {
	case ipsecRequest:
		return []string{requestBlock(ev.Flow)}
	case ipsecCreated:
		const queued = "IPSEC(key_engine): got a queue event with 1 KMI message(s)"
		blocks := []string{queued}
		if ev.Pair.Replaces == 0 {
			blocks = append(blocks, fmt.Sprintf("IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer %v", ev.Pair.Peer.Addr()))
		}
		return append(blocks, createBlock(ev.Pair, ev.Pair.In, connection), createBlock(ev.Pair, ev.Pair.Out, connection), queued,
			"IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP")
	case ipsecDeleted:
		return []string{"IPSEC(key_engine): got a queue event with 1 KMI message(s)", deleteBlock(ev.In), deleteBlock(ev.Out)}
	}
	return nil
}

// requestBlock is what the key engine asks IKE for.
func requestBlock(f ikev2.ChildPolicy) string {
	transform, keysize := "", uint16(0)
	if len(f.Suites) > 0 {
		transform = words.TypedESP(f.Suites[0].Encr, f.Suites[0].Integ)
		keysize = f.Suites[0].Encr.KeyBits
	}
	return strings.Join([]string{
		"IPSEC(sa_request): ,",
		fmt.Sprintf("  (key eng. msg.) OUTBOUND local= %v:500, remote= %v:500,", f.Local, f.Remote),
		"    local_proxy= " + proxyText(f.Selectors[0]) + ",",
		"    remote_proxy= " + proxyText(f.Selectors[1]) + ",",
		fmt.Sprintf("    protocol= ESP, transform= %s  (Tunnel), ", transform),
		fmt.Sprintf("    lifedur= %ds and %dkb, ", words.Seconds(f.Lifetime), f.Kilobytes),
		fmt.Sprintf("    spi= 0x0(0), conn_id= 0, keysize= %d, flags= 0x0", keysize),
	}, "\n")
}

func proxyText(list []spd.Selector) string {
	if len(list) == 0 {
		return words.AnyIdent
	}
	s := list[0]
	return words.Ident(s.Start, s.End, s.Proto, s.StartPort, s.EndPort)
}

// createBlock is one direction of a pair that was installed; the identity is
// the same for both.
func createBlock(c espPair, p crypto.Params, connection func(ipsec.SPI) int) string {
	return strings.Join([]string{
		fmt.Sprintf("IPSEC(create_sa): sa created,\n%s, sa_conn_id= %d", saText(p), connection(p.SPI)),
		fmt.Sprintf("    sa_lifetime(k/sec)= (%d/%d),", c.Kilobytes, words.Seconds(c.Lifetime)),
		fmt.Sprintf("  (identity) local= %v:0, remote= %v:0,", c.In.Dst, c.In.Src),
		"    local_proxy= " + proxyText(c.In.Local) + ",",
		"    remote_proxy= " + proxyText(c.In.Remote),
	}, "\n")
}

func deleteBlock(p crypto.Params) string {
	return "IPSEC(delete_sa): deleting SA,\n" + saText(p)
}

func saText(p crypto.Params) string {
	return fmt.Sprintf("  (sa) sa_dest= %v, sa_proto= 50, \n    sa_spi= %s, \n    sa_trans= %s ",
		words.Addr(p.Dst), words.SPI(p.SPI), words.TypedESP(p.Encr, p.Integ))
}
