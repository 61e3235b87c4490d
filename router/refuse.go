package router

import (
	"encoding/binary"
	"errors"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// dropState counts refused packets.
type dropState struct {
	natt, invalidSPI, notIPsec, replay, integrity, other uint64
}

// refused records a packet that was refused for its protection, or for the
// lack of it.
func (r *Router) refused(p *ip.Packet, why crypto.Refusal, spi ipsec.SPI) {
	r.records.Emit(crypto.Refused{Interface: p.In.Name, From: p.Src(), To: p.Dst(), Protocol: p.Proto(), Why: why, SPI: spi})
}

func (r *Router) refuseSPI(p *ip.Packet, spi ipsec.SPI) {
	r.drops.invalidSPI++
	p.In.Counters.InErrors++
	r.refused(p, crypto.InvalidSPI, spi)
}

// checkClear refuses packets in clear from a network that a protected tunnel
// leads to. ICMP errors may come from any router of the way to a peer.
func (r *Router) checkClear(_ time.Time, p *ip.Packet, back *ip.Entry) bool {
	if back.Kind != ip.Link && back.Kind != ip.Via || !back.Out.Holds() || p.In.Holds() {
		return true
	}
	if ip.IsICMPError(p) && r.ip.Table.Lookup(p.Dst()).Kind == ip.Local {
		return true
	}
	r.refuseClear(p)
	return false
}

func (r *Router) refuseClear(p *ip.Packet) {
	r.drops.notIPsec++
	p.In.Counters.InDrops++
	r.refused(p, crypto.NotIPsec, 0)
}

// refuseESP counts an ESP packet that a known SA did not accept. A dummy
// packet is no error (RFC 4303 section 2.6).
func (r *Router) refuseESP(p *ip.Packet, pair *saPair, err error) {
	if errors.Is(err, esp.ErrDummy) {
		return
	}
	pair.inErrs++
	pair.tunnel.count.recvErrors++
	b := crypto.Refused{
		Interface: p.In.Name, From: p.Src(), To: p.Dst(), Protocol: p.Proto(), Why: crypto.OtherRefusal, SPI: pair.child.In.SPI,
		ConnID: pair.inID, Sequence: binary.BigEndian.Uint32(p.Payload()[4:]), Reason: err.Error(),
	}
	switch {
	case errors.Is(err, esp.ErrReplay):
		r.drops.replay++
		b.Why = crypto.Replayed
	case errors.Is(err, esp.ErrIntegrity):
		r.drops.integrity++
		b.Why = crypto.NotAuthentic
	default:
		r.drops.other++
	}
	r.records.Emit(b)
}
