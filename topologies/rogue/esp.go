package rogue

import (
	"encoding/binary"
	"net/netip"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/router/ip"
)

// Pair is a pair of ESP SAs.
type Pair struct {
	In, Out ipsec.SPI // what the peer receives on, and what the router does
	peer    *Peer
	out     *ipsec.Cipher
}

// newPair makes the pair that an answer has settled.
func (sa *SA) newPair(out ipsec.SPI, n keys.Nonces, initiator bool) *Pair {
	suite := propose.Suite{Encr: sa.peer.Suite.Encr, Integ: sa.peer.Suite.Integ}
	toResponder, toInitiator := keys.Child(sa.suite.PRF.New(), sa.keys.D(), suite.Encr, suite.Integ, nil, n)
	own := toInitiator
	if initiator {
		own = toResponder
	}
	c, _ := ipsec.NewCipher(suite.Encr, suite.Integ, own.Encr, own.Integ)
	return &Pair{In: sa.spi, Out: out, peer: sa.peer, out: &c}
}

// packet is an ESP packet of any number, whose plain octets are all that is
// encrypted: payload, padding, its length and the next header.
func (a *Pair) packet(seq uint32, plain []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(a.Out))
	b = binary.BigEndian.AppendUint32(b, seq)
	b = append(b, a.peer.octets(a.out.IVLen())...)
	b = append(append(b, plain...), make([]byte, a.out.ICVLen())...)
	a.out.Seal(b, espHeader)
	return b
}

const (
	espHeader = 8
	nextIPv4  = 4
	nextNone  = 59
)

// padded is a payload with the padding that RFC 4303 wants (section 2.4).
func (a *Pair) padded(payload []byte, next byte) []byte {
	b := append([]byte(nil), payload...)
	n := 0
	for ; (len(b)+2)%a.out.BlockLen() != 0; n++ {
		b = append(b, byte(n+1))
	}
	return append(b, byte(n), next)
}

// echoRequest is an ICMP echo request as an inner packet.
func echoRequest(from, to netip.Addr) []byte {
	icmp := make([]byte, 64)
	icmp[0] = 8
	binary.BigEndian.PutUint16(icmp[2:], ip.Checksum(icmp))
	return ipv4(from, to, 1, 1, icmp)
}

// everything is a selector payload for all IPv4 packets.
func everything(initiator bool) *wire.TS {
	return &wire.TS{Initiator: initiator, Selectors: []wire.Selector{{
		Type: wire.TSIPv4AddrRange, EndPort: 65535, Start: netip.AddrFrom4([4]byte{}), End: netip.AddrFrom4([4]byte{255, 255, 255, 255}),
	}}}
}
