package ikev2

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"net/netip"

	"ikelab/ikev2/wire"
)

// NAT detection, and the ports that follow from it (RFC 7296 2.23).

// natPort is the port of IKE and ESP in UDP.
const natPort = 4500

// claimed is the address that we say we send from: with `nat force-encap` one that
// nobody has, so that the peer finds a NAT.
func (w *way) claimed() netip.AddrPort {
	if w.forced {
		if w.local.Addr().Is6() {
			return netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
		}
		return netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	}
	return w.local
}

const natHashed = 8 + 8 + 16 + 2 // octets that a hash is of, at most

// natHash is the SHA-1 of SPIs, address and port (RFC 7296 2.23).
func natHash(spiI, spiR uint64, at netip.AddrPort) [sha1.Size]byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, natHashed), spiI)
	b = binary.BigEndian.AppendUint64(b, spiR)
	if a := at.Addr(); a.Is4() {
		four := a.As4()
		b = append(b, four[:]...)
	} else {
		sixteen := a.As16()
		b = append(b, sixteen[:]...)
	}
	b = binary.BigEndian.AppendUint16(b, at.Port())
	return sha1.Sum(b)
}

// natNotifies are what the peer compares, behind a list.
func natNotifies(list []wire.Payload, sa *ikeSA) []wire.Payload {
	both := &struct {
		hashes   [2][sha1.Size]byte
		notifies [2]wire.Notify
	}{hashes: [2][sha1.Size]byte{natHash(sa.spiI, sa.spiR, sa.claimed()), natHash(sa.spiI, sa.spiR, sa.remote)}}
	for i, kind := range []wire.NotifyType{wire.NAT_DETECTION_SOURCE_IP, wire.NAT_DETECTION_DESTINATION_IP} {
		both.notifies[i] = wire.Notify{Protocol: wire.ProtoIKE, Kind: kind, Data: both.hashes[i][:]}
	}
	return append(list, &both.notifies[0], &both.notifies[1])
}

// detectNAT compares the peer's hashes with what we see (RFC 7296 2.23).
func detectNAT(e *Engine, x *exchange) answer {
	sa := x.sa
	var sources, destination int
	sourceMatch, destMatch := false, false
	for _, p := range x.in.Payloads {
		n, _ := p.(*wire.Notify)
		switch {
		case n == nil:
		case n.Kind == wire.NAT_DETECTION_SOURCE_IP:
			sources++
			sourceMatch = sourceMatch || natMatches(n, &x.in.Header, sa.remote)
		case n.Kind == wire.NAT_DETECTION_DESTINATION_IP:
			destination++
			destMatch = destMatch || natMatches(n, &x.in.Header, sa.local)
		}
	}
	if sources == 0 || destination == 0 {
		sa.forced = false // the peer knows no NAT traversal
		return yes
	}
	e.tally.nat(!sourceMatch || !destMatch)
	tell(&e.recording, NATChecked{SA: sa.ref(), Source: sourceMatch, Destination: destMatch})
	if e.cfg.NoNAT {
		if sa.forced = false; !sourceMatch || !destMatch {
			return x.failWith(ReasonInvalid, 0, CauseNATOff)
		}
		return yes
	}
	sa.peerBehind, sa.behind = !sourceMatch, !destMatch
	return yes
}

// natMatches hashes with the SPIs of the message's own header: the initiator's
// first message has no responder SPI yet.
func natMatches(n *wire.Notify, h *wire.Header, at netip.AddrPort) bool {
	sum := natHash(h.SPIi, h.SPIr, at)
	return bytes.Equal(n.Data, sum[:])
}

// floatPorts has an initiator that has found a NAT go over to port 4500, from
// IKE_AUTH on (RFC 7296 2.23).
func floatPorts(e *Engine, x *exchange) answer {
	sa := x.sa
	e.settledNAT(sa)
	if !sa.translated() || sa.remote.Port() != ikePort {
		return yes
	}
	sa.local, sa.remote = netip.AddrPortFrom(sa.local.Addr(), natPort), netip.AddrPortFrom(sa.remote.Addr(), natPort)
	tell(&e.recording, PortsFloated{SA: sa.ref(), Initiator: true, Local: sa.local, Remote: sa.remote})
	return yes
}

// portsFloated is the same for a responder, which goes where the initiator has gone.
func portsFloated(e *Engine, x *exchange) answer {
	sa := x.sa
	e.settledNAT(sa)
	if sa.local.Port() != ikePort {
		tell(&e.recording, PortsFloated{SA: sa.ref(), Local: sa.local, Remote: sa.remote})
	}
	return yes
}

func (r *recording) settledNAT(sa *ikeSA) {
	if !r.unheard() {
		r.emit(NATSettled{SA: sa.ref(), SAPath: SAPath{VRF: sa.vrf, NAT: sa.translated(), NATInside: sa.behind}})
	}
}
