package crypto

import (
	"encoding/binary"
	"time"

	"ikelab/ipsec"
	"ikelab/router/ip"
)

const (
	narrowAge = 10 * time.Minute // a path MTU that was learned is tried again (RFC 1191 section 6.3)
	minNarrow = 576              // and none below this is believed
	minInner  = 68               // octets that every IPv4 link carries (RFC 791)
)

// pathMTU is the longest outer packet that goes to the peer whole.
func (e *Entry) pathMTU() int {
	mtu := ip.EthernetMTU
	if to := e.c.stack.Table.Lookup(e.settings.Remote); to.Out != nil {
		mtu = to.Out.MTU
	}
	if e.narrow > 0 {
		mtu = min(mtu, e.narrow)
	}
	return mtu
}

// fitMTU sets the MTU of the entry's interface: what `ip mtu` says, else the
// longest inner packet whose ESP packet goes to the peer in one piece.
func (e *Entry) fitMTU() {
	if alone(e) && (e.iface.Settings.MTU > 0 || !e.settings.Protected) {
		return
	}
	outer := e.pathMTU()
	n := outer
	for len(e.sending) > 0 && n > minInner && n+e.sending[0].out.overhead(n) > outer {
		n--
	}
	if e.room = n - e.settings.Header; alone(e) {
		e.iface.MTU = e.room
	}
}

// widen tries the whole path again when what was learned is old.
func (e *Entry) widen(now time.Time) {
	if e.narrow > 0 && !now.Before(e.narrowUntil) {
		e.narrow = 0
		e.fitMTU()
	}
}

// pathFailed takes "fragmentation needed" about an ESP packet of ours; the
// quote must name an SA (RFC 4301 section 8.2.1).
func (c *Crypto) pathFailed(now time.Time, f ip.Failure) {
	if f.Type != ip.Unreachable || f.Code != ip.CodeFragmentationNeeded {
		return
	}
	p := c.leaving[outbound{ip.Destination(f.Header), ipsec.SPI(binary.BigEndian.Uint32(f.Begin))}]
	if p == nil || ip.Source(f.Header) != p.LocalEnd.Addr() {
		return
	}
	e := p.entry
	if mtu := max(f.MTU, minNarrow); mtu < e.pathMTU() {
		e.narrow, e.narrowUntil = mtu, now.Add(narrowAge)
		e.fitMTU()
		c.records.Emit(PathNarrowed{Entry: e.name, From: f.From, MTU: mtu})
	}
}
