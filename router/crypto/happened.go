package crypto

import (
	"errors"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// How records are made of what happened.

func (e *Entry) requested() Requested {
	d := &e.settings.Demand
	return Requested{
		Entry: e.name, Local: e.settings.Local, Remote: e.settings.Remote, LocalIdent: selectorOf(d.Local), RemoteIdent: selectorOf(d.Remote),
		Encr: d.Encr, Integ: d.Integ, Lifetime: d.Lifetime, Kilobytes: d.Kilobytes,
	}
}

func (p *pair) installed() Installed {
	return Installed{Entry: p.Entry, Local: p.LocalEnd, Remote: p.Peer, Pair: p.state(), Replaces: p.Replaces, Lifetime: p.Lifetime, Kilobytes: p.Kilobytes}
}

func (p *pair) removed() Removed {
	return Removed{Entry: p.Entry, Local: p.LocalEnd, Remote: p.Peer, Pair: p.state()}
}

// refusedPacket is about a packet that came in.
func refusedPacket(pkt *ip.Packet, why Refusal, spi ipsec.SPI) Refused {
	return Refused{Interface: pkt.In.Name, From: pkt.Src(), To: pkt.Dst(), Protocol: pkt.Proto(), Why: why, SPI: spi}
}

// refusedESP is about one that its SA did not accept.
func (p *pair) refusedESP(pkt *ip.Packet, err error) Refused {
	r := refusedPacket(pkt, refusalOf(err), p.In.SPI)
	r.ConnID, r.Reason = p.inID, err.Error()
	var detail *esp.Refused
	if errors.As(err, &detail) {
		r.Sequence = uint32(detail.Sequence)
	}
	return r
}

// refusedInner is about an inner packet that its SA did not seal.
func (p *pair) refusedInner(inner []byte, err error) Refused {
	r := Refused{Interface: p.entry.iface.Name, Why: OtherRefusal, SPI: p.Out.SPI, ConnID: p.outID, Reason: err.Error()}
	if len(inner) >= ip.HeaderLen {
		r.From, r.To, r.Protocol = ip.Source(inner), ip.Destination(inner), inner[9]
	}
	return r
}

func refusalOf(err error) Refusal {
	switch {
	case errors.Is(err, esp.ErrReplay):
		return Replayed
	case errors.Is(err, esp.ErrIntegrity):
		return NotAuthentic
	}
	return OtherRefusal
}

func selectorOf(s spd.Selector) Selector {
	return Selector{Proto: s.Proto, StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End}
}
