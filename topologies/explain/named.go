package explain

import (
	"net/netip"
	"reflect"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
)

// What records name: the IKE SA, the entry, the peer.

// refOf is the IKE SA that a record names.
func refOf(b record.Body) ikev2.Ref {
	v := reflect.Indirect(reflect.ValueOf(b))
	for _, name := range []string{"SA", "IKE"} {
		if f := v.FieldByName(name); f.IsValid() && f.Type() == reflect.TypeFor[ikev2.Ref]() {
			return f.Interface().(ikev2.Ref)
		}
	}
	return ikev2.Ref{}
}

// entryOf is the entry of the SPD that a record names.
func entryOf(b record.Body) string {
	switch b := b.(type) {
	case ikev2.EntryDown:
		return b.Entry
	case ikev2.PeerChosen:
		return b.Entry
	case ikev2.Redirected:
		return b.Entry
	case ikev2.AddChild:
		return b.Entry
	case ikev2.Failure:
		return b.Entry
	case crypto.Requested:
		return b.Entry
	case crypto.Removed:
		return b.Entry
	case crypto.WentIdle:
		return b.Entry
	case crypto.Exhausted:
		return b.Entry
	case crypto.PathNarrowed:
		return b.Entry
	case ip.Recursive:
		return b.Interface
	case ip.LineProtocolChanged:
		return b.Interface
	}
	return ""
}

// namedPeer is the peer that a record names itself.
func namedPeer(b record.Body) netip.AddrPort {
	switch b := b.(type) {
	case ikev2.Failure:
		return b.Peer
	case ikev2.EntryDown:
		return b.Peer
	case ikev2.PeerChosen:
		return netip.AddrPortFrom(b.Peer, 0)
	case ikev2.Redirected:
		return netip.AddrPortFrom(b.From, 0)
	case ikev2.SADown:
		return b.Info.Remote
	case ikev2.Keepalive:
		return b.Remote
	case ikev2.Refused:
		return b.From
	case ikev2.Repeated:
		return b.From
	case ikev2.CookieChecked:
		return b.From
	case ikev2.Strayed:
		return netip.AddrPortFrom(b.Remote, 0)
	case crypto.Requested:
		return netip.AddrPortFrom(b.Remote, 0)
	case crypto.Removed:
		return netip.AddrPortFrom(b.Remote, 0)
	case crypto.Exhausted:
		return netip.AddrPortFrom(b.Remote, 0)
	case crypto.Refused:
		if b.SPI != 0 {
			return netip.AddrPortFrom(b.From, 0)
		}
	}
	return netip.AddrPort{}
}
