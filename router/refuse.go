package router

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/router/ip"
	"ikelab/router/words"
)

// logPause lies between two syslog messages about the same kind of bad packet.
const logPause = time.Minute

// Refused is an IPv4 packet that the data plane refused for its protection,
// or for the lack of it.
type Refused struct {
	Interface string
	From, To  netip.Addr
	SPI       ipsec.SPI // 0: not an ESP packet
	Reason    error
}

// Why a packet is refused, beside the faults of packages esp and crypto.
var (
	ErrInvalidSPI = errors.New("router: no sa has this spi")
	ErrNotIPsec   = errors.New("router: packet in clear from a protected network")
)

// dropState counts refused packets and remembers what was logged of them.
type dropState struct {
	natt, invalidSPI, notIPsec, replay, integrity, other uint64
	logged                                               [4]time.Time
}

const (
	logInvalidSPI = iota
	logNotIPsec
	logReplay
	logIntegrity
)

// mayLog says whether a message of that kind is due again.
func (d *dropState) mayLog(now time.Time, kind int) bool {
	if last := d.logged[kind]; !last.IsZero() && now.Sub(last) < logPause {
		return false
	}
	d.logged[kind] = now
	return true
}

func (r *Router) refused(now time.Time, p *ip.Packet, spi ipsec.SPI, reason error) {
	if r.options.Observe != nil {
		r.options.Observe(now, Refused{Interface: p.In.Name, From: p.Src(), To: p.Dst(), SPI: spi, Reason: reason})
	}
}

func (r *Router) refuseSPI(now time.Time, p *ip.Packet, spi ipsec.SPI) {
	r.drops.invalidSPI++
	p.In.Counters.InErrors++
	if r.drops.mayLog(now, logInvalidSPI) {
		r.logf(now, "CRYPTO", severityWarnings, "RECVD_PKT_INV_SPI",
			"decaps: rec'd IPSEC packet has invalid spi for destaddr=%v, prot=50, spi=%s, srcaddr=%v, input interface=%s",
			p.Dst(), words.SPI(spi), p.Src(), p.In.Name)
	}
	r.refused(now, p, spi, ErrInvalidSPI)
}

// checkClear refuses packets in clear from a network that a protected tunnel
// leads to. ICMP errors may come from any router of the way to a peer.
func (r *Router) checkClear(now time.Time, p *ip.Packet, back *ip.Entry) bool {
	if back.Kind != ip.Link && back.Kind != ip.Via || !back.Out.Holds() || p.In.Holds() {
		return true
	}
	if ip.IsICMPError(p) && r.ip.Table.Lookup(p.Dst()).Kind == ip.Local {
		return true
	}
	r.refuseClear(now, p)
	return false
}

func (r *Router) refuseClear(now time.Time, p *ip.Packet) {
	r.drops.notIPsec++
	p.In.Counters.InDrops++
	if r.drops.mayLog(now, logNotIPsec) {
		r.logf(now, "CRYPTO", severityWarnings, "RECVD_PKT_NOT_IPSEC",
			"Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /%v, src_addr= %v, prot= %d", p.Dst(), p.Src(), p.Proto())
	}
	r.refused(now, p, 0, ErrNotIPsec)
}

// refuseESP counts an ESP packet that a known SA did not accept. A dummy
// packet is no error (RFC 4303 section 2.6).
func (r *Router) refuseESP(now time.Time, p *ip.Packet, pair *saPair, err error) {
	if errors.Is(err, esp.ErrDummy) {
		return
	}
	pair.inErrs++
	pair.tunnel.count.recvErrors++
	switch {
	case errors.Is(err, esp.ErrReplay):
		r.drops.replay++
		if r.drops.mayLog(now, logReplay) {
			r.logf(now, "CRYPTO", severityWarnings, "PKT_REPLAY_ERR",
				"decrypt: replay check failed\n        connection id=%d, sequence number=%d\n", pair.inID, binary.BigEndian.Uint32(p.Payload()[4:]))
		}
	case errors.Is(err, esp.ErrIntegrity):
		r.drops.integrity++
		if r.drops.mayLog(now, logIntegrity) {
			r.logf(now, "CRYPTO", severityWarnings, "RECVD_PKT_MAC_ERR", "decrypt: mac verify failed for connection id=%d", pair.inID)
		}
	default:
		r.drops.other++
	}
	r.refused(now, p, pair.child.In.SPI, err)
}
