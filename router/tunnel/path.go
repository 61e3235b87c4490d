package tunnel

import (
	"encoding/binary"
	"time"

	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// The path MTU of a tunnel (IOS: tunnel path-mtu-discovery). The outer DF bit is
// the inner one, and what routers on the way say to that is heeded: the next packet
// that is too long is refused here, in the tunnel, where its sender is known. A
// protected tunnel's packets travel in ESP, whose entry does so anyway.

// path is what was learned.
type path struct {
	mtu   int       // 0: nothing
	until time.Time // zero: it stays
}

// pathFailed takes an ICMP error about a packet of a tunnel's own: "fragmentation
// needed" about one that may not be cut and is longer than what is said to fit (RFC
// 1191 section 4).
func (t *Tunnels) pathFailed(now time.Time, f ip.Failure) {
	if f.Type != ip.Unreachable || f.Code != ip.CodeFragmentationNeeded || f.Header[6]&(ip.FlagDF>>8) == 0 ||
		int(binary.BigEndian.Uint16(f.Header[2:])) <= f.MTU {
		return
	}
	for _, tunnel := range t.byEnds[quoted(f)] {
		if s := &tunnel.settings; s.Path.On && !tunnel.protected {
			tunnel.narrowTo(now, f)
		}
	}
}

// quoted is whose a packet is of which an error quotes eight octets (RFC 792): a key
// behind a checksum is not among them.
func quoted(f ip.Failure) ends {
	at := ends{vrf: f.VRF, mode: IPIP, local: ip.Source(f.Header), remote: ip.Destination(f.Header)}
	if f.Header[9] != ip.ProtoGRE {
		return at
	}
	at.mode = GRE
	if flags := binary.BigEndian.Uint16(f.Begin); flags&flagKey != 0 && flags&flagChecksum == 0 {
		at.keyed, at.key = true, binary.BigEndian.Uint32(f.Begin[greLen:])
	}
	return at
}

func (t *Tunnel) narrowTo(now time.Time, f ip.Failure) {
	d := t.settings.Path
	mtu := max(f.MTU, d.Least)
	if t.path.mtu > 0 && mtu >= t.path.mtu {
		return
	}
	t.path = path{mtu, d.Until(now)}
	t.tunnels.Records.Emit(crypto.PathNarrowed{Entry: t.iface.Name, From: f.From, MTU: mtu})
}

// fits is the longest packet that may not be cut and goes through the tunnel.
func (t *Tunnel) fits(now time.Time) int {
	if t.path.mtu > 0 && !t.path.until.IsZero() && !now.Before(t.path.until) {
		t.path = path{} // the whole path is tried again
	}
	t.Entry.Widen(now)
	if t.path.mtu == 0 {
		return t.iface.MTU
	}
	return min(t.iface.MTU, t.path.mtu-t.settings.Overhead())
}

// pathState is what the screens show.
func (t *Tunnel) pathState() *PathState {
	d := t.settings.Path
	if !d.On {
		return nil
	}
	return &PathState{Age: int(d.Age / time.Minute), Least: d.Least, Learned: t.path.mtu, Expires: t.path.until}
}
