package router

import (
	"fmt"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
)

// What the key engine tells `debug crypto ipsec`.

// ipsecRequest is a flow that asks for SAs.
type ipsecRequest struct{ Flow ikev2.Flow }

// ipsecCreated is a pair of SAs that was installed.
type ipsecCreated struct{ Pair ikev2.ChildSA }

// ipsecDeleted is a pair of SAs that was removed.
type ipsecDeleted struct {
	In, Out ipsec.Params
	Reason  ikev2.Reason
}

// traceIPsec renders one of ipsecRequest, ipsecCreated and ipsecDeleted for
// `debug crypto ipsec`.
func (r *Router) traceIPsec(now time.Time, ev any) {
	if !r.shell.debug.IPsec {
		return
	}
	for _, block := range renderIPsec(ev) {
		lines := strings.Split(block, "\n")
		r.emitLog(severityDebugging, r.debugStamp(now)+lines[0])
		for _, l := range lines[1:] {
			r.emitLog(severityDebugging, l)
		}
	}
}

// renderIPsec is an event in the key engine's words, one string a printout.
func renderIPsec(ev any) []string {
	switch ev := ev.(type) {
	case ipsecRequest:
		return []string{requestBlock(ev.Flow)}
	case ipsecCreated:
		const queued = "IPSEC(key_engine): got a queue event with 1 KMI message(s)"
		blocks := []string{queued}
		if ev.Pair.Replaces == 0 {
			blocks = append(blocks, fmt.Sprintf("IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer %v", ev.Pair.Peer.Addr()))
		}
		return append(blocks, createBlock(ev.Pair.In), createBlock(ev.Pair.Out), queued,
			"IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP")
	case ipsecDeleted:
		return []string{"IPSEC(key_engine): got a queue event with 1 KMI message(s)", deleteBlock(ev.In), deleteBlock(ev.Out)}
	}
	return nil
}

// requestBlock is what the key engine asks IKE for.
func requestBlock(f ikev2.Flow) string {
	transform, keysize := "", uint16(0)
	if len(f.Suites) > 0 {
		transform = espTransform(f.Suites[0].Encr, f.Suites[0].Integ)
		keysize = f.Suites[0].Encr.KeyBits
	}
	return strings.Join([]string{
		"IPSEC(sa_request): ,",
		fmt.Sprintf("  (key eng. msg.) OUTBOUND local= %v:500, remote= %v:500,", f.Local, f.Remote),
		"    local_proxy= " + proxyText(f.Selectors[0]) + ",",
		"    remote_proxy= " + proxyText(f.Selectors[1]) + ",",
		fmt.Sprintf("    protocol= ESP, transform= %s  (Tunnel), ", transform),
		fmt.Sprintf("    lifedur= %ds and %dkb, ", seconds(f.Lifetime), f.Kilobytes),
		fmt.Sprintf("    spi= 0x0(0), conn_id= 0, keysize= %d, flags= 0x0", keysize),
	}, "\n")
}

func proxyText(list []ipsec.Selector) string {
	if len(list) == 0 {
		return "0.0.0.0/0.0.0.0/256/0"
	}
	return identText(list[0])
}

func createBlock(p ipsec.Params) string {
	return "IPSEC(create_sa): sa created,\n" + saText(p)
}

func deleteBlock(p ipsec.Params) string {
	return "IPSEC(delete_sa): deleting SA,\n" + saText(p)
}

func saText(p ipsec.Params) string {
	return fmt.Sprintf("  (sa) sa_dest= %v, sa_proto= 50, \n    sa_spi= %s, \n    sa_trans= %s , sa_conn_id= %d",
		addrText(p.Dst), spiText(p.SPI), espTransform(p.Encr, p.Integ), uint32(p.SPI)&0xffff)
}
