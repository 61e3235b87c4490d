package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
)

// keying is the engine as the data plane sees it.
type keying struct{ m *machine }

func (k keying) Negotiation(entry string) crypto.Negotiation {
	switch k.m.engine.EntryState(entry) {
	case ikev2.EntryIsUp:
		return crypto.Established
	case ikev2.EntryNegotiating:
		return crypto.Negotiating
	}
	return crypto.Idle
}

func (k keying) Acquire(now time.Time, entry string, packet [2]spd.Selector) {
	k.m.apply(now, k.m.engine.Acquire(now, entry, packet))
}

func (k keying) Clear(now time.Time, entry string) {
	k.m.apply(now, k.m.engine.ClearChildren(now, entry))
}

func (k keying) Homeless(now time.Time, entry string) {
	k.m.apply(now, ikev2.Homeless(k.m.engine, now, entry))
}

func (k keying) Traffic(now time.Time, in ipsec.SPI) { k.m.engine.Traffic(now, in) }

func (k keying) Moved(now time.Time, in ipsec.SPI, local, peer netip.AddrPort) {
	k.m.apply(now, k.m.engine.Moved(now, in, ikev2.Datagram{Local: local, Remote: peer}))
}

func (k keying) Outgoing(now time.Time, in ipsec.SPI) {
	k.m.apply(now, k.m.engine.Outgoing(now, in))
}

func (k keying) VolumeSoft(now time.Time, in ipsec.SPI) {
	k.m.apply(now, k.m.engine.VolumeSoft(now, in))
}

func (k keying) VolumeHard(now time.Time, in ipsec.SPI) {
	k.m.apply(now, k.m.engine.EndChild(now, in, ikev2.ReasonExpired))
}

func (k keying) Stray(now time.Time, vrf int, local, remote netip.Addr, spi ipsec.SPI) {
	k.m.apply(now, k.m.engine.Stray(now, vrf, local, remote, spi))
}
