package crypto

import (
	"encoding/binary"
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/router/ip"
)

// minInner is how many octets every IPv4 link carries (RFC 791).
const minInner = 68

// pathMTU is the longest outer packet that goes to the peer whole.
func (e *Entry) pathMTU() int {
	mtu := ip.EthernetMTU
	if out := e.way.Out(); out != nil {
		mtu = out.MTU
	}
	if e.narrow > 0 {
		mtu = min(mtu, e.narrow)
	}
	return mtu
}

// Refit sets the MTU of the entry's interface: what `ip mtu` says, else the
// longest inner packet whose ESP packet goes to the peer in one piece.
func (e *Entry) Refit() {
	defer repad(e)
	if alone(e) && !e.settings.Protected {
		return
	}
	n := e.pathMTU()
	if len(e.sending) > 0 {
		e.sending[0].out.pad = 0
		n = plaintextMTU(e, &e.sending[0].out)
	}
	if e.room = n - e.settings.Header; alone(e) && e.iface.Settings.MTU == 0 {
		e.iface.SetMTU(e.room)
	}
}

// repad has pairs pad what they carry as far as the path allows, where their peer takes
// it. In transport mode nothing says how long a packet is (RFC 4303 section 2.7).
func repad(e *Entry) {
	for _, p := range e.pairs {
		p.out.pad = 0
		if want := e.settings.Pad; want > 0 && p.Padded && !p.Transport {
			p.out.pad = min(want, plaintextMTU(e, &p.out))
		}
	}
}

// Widen tries the whole path again when what was learned is old.
func (e *Entry) Widen(now time.Time) {
	if e.narrow > 0 && !e.narrowUntil.IsZero() && !now.Before(e.narrowUntil) {
		e.narrow = 0
		e.Refit()
	}
}

// pathFailed takes "fragmentation needed" about an ESP packet of ours; the
// quote must name an SA (RFC 4301 section 8.2.1).
func (c *Crypto) pathFailed(now time.Time, f ip.Failure) {
	p := c.leaving.Get(outbound{f.VRF, ip.Destination(f.Header), ipsec.SPI(binary.BigEndian.Uint32(f.Begin))})
	if p == nil || ip.Source(f.Header) != p.LocalEnd.Addr() || !narrows(f) {
		return
	}
	narrowTo(p.entry, now, f)
}

// floatedFailed takes one about ESP in UDP. Of that eight octets are quoted (RFC 792),
// the UDP header and no SPI: all that goes the same way is meant, "the implementation
// MUST … associate it with all of the SAs" that it may be about (after RFC 4301
// section 8.2.1).
func (c *Crypto) floatedFailed(now time.Time, f ip.Failure) {
	port := func(at int) uint16 { return binary.BigEndian.Uint16(f.Begin[at:]) }
	way := floated{f.VRF, netip.AddrPortFrom(ip.Source(f.Header), port(0)), netip.AddrPortFrom(ip.Destination(f.Header), port(2))}
	if !narrows(f) {
		return
	}
	for _, p := range c.floated[way] {
		narrowTo(p.entry, now, f)
	}
}

// narrows says whether an error is what it should be: it says of a packet that may not
// be cut, and is longer, that it does not fit (RFC 1191 section 4).
func narrows(f ip.Failure) bool {
	if f.Type != ip.Unreachable || f.Code != ip.CodeFragmentationNeeded {
		return false
	}
	if ip.IsIPv6(f.Header) {
		return f.MTU >= ip.MinMTU6 && ip.HeaderLen6+int(binary.BigEndian.Uint16(f.Header[4:])) > f.MTU
	}
	return f.Header[6]&dontFragment != 0 && int(binary.BigEndian.Uint16(f.Header[2:])) > f.MTU
}

// narrowTo believes an error for a while.
func narrowTo(e *Entry, now time.Time, f ip.Failure) {
	d := e.settings.Path.inEffect()
	mtu := max(f.MTU, d.Least)
	if mtu >= e.pathMTU() {
		return
	}
	e.narrow, e.narrowUntil = mtu, d.Until(now)
	e.Refit()
	e.c.records.Emit(PathNarrowed{Entry: e.name, From: f.From, MTU: mtu})
}

// mostPadding is how much less than n the padding may make of a packet that is n octets shorter.
const mostPadding = 15

// plaintextMTU is the longest packet that a sealer carries to the peer in one piece.
func plaintextMTU(e *Entry, s *sealer) int { return longest(s, e.pathMTU()) }

// longest is that for outer octets in one piece.
func longest(s *sealer, outer int) int {
	n := outer
	for n > minInner {
		over := n + s.overhead(n) - outer
		if over <= 0 {
			break
		}
		n = max(n-max(over-mostPadding, 1), minInner)
	}
	return n
}

// innerMTU is the longest inner packet that is not cut: an interface whose `ip mtu` is larger than
// what fits does not make it fit.
func innerMTU(e *Entry) int {
	if alone(e) && (e.room == 0 || e.iface.MTU < e.room) {
		return e.iface.MTU
	}
	return e.room
}
