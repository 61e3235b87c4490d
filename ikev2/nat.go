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
func natHash(sa *ikeSA, at netip.AddrPort) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, natHashed), sa.spiI)
	b = binary.BigEndian.AppendUint64(b, sa.spiR)
	b = append(b, at.Addr().AsSlice()...)
	b = binary.BigEndian.AppendUint16(b, at.Port())
	sum := sha1.Sum(b)
	return sum[:]
}

// natNotifies are what the peer compares.
func natNotifies(sa *ikeSA) []wire.Payload {
	return []wire.Payload{
		&wire.Notify{Protocol: wire.ProtoIKE, Kind: wire.NAT_DETECTION_SOURCE_IP, Data: natHash(sa, sa.claimed())},
		&wire.Notify{Protocol: wire.ProtoIKE, Kind: wire.NAT_DETECTION_DESTINATION_IP, Data: natHash(sa, sa.remote)},
	}
}

// detectNAT compares the peer's hashes with what we see (RFC 7296 2.23).
func detectNAT(e *Engine, x *exchange) answer {
	sa := x.sa
	var sources, destination int
	sourceMatch, destMatch := false, false
	for _, n := range wire.All[*wire.Notify](x.in) {
		switch n.Kind {
		case wire.NAT_DETECTION_SOURCE_IP:
			sources++
			sourceMatch = sourceMatch || bytes.Equal(n.Data, natHashOf(x.in, sa.remote))
		case wire.NAT_DETECTION_DESTINATION_IP:
			destination++
			destMatch = destMatch || bytes.Equal(n.Data, natHashOf(x.in, sa.local))
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

// natHashOf hashes with the SPIs of the message's own header: the initiator's
// first message has no responder SPI yet.
func natHashOf(m *wire.Message, at netip.AddrPort) []byte {
	return natHash(&ikeSA{naming: naming{spiI: m.SPIi, spiR: m.SPIr}}, at)
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
	tell(r, NATSettled{SA: sa.ref(), SAPath: SAPath{VRF: sa.vrf, NAT: sa.translated(), NATInside: sa.behind}})
}
