package rogue

import (
	"net/netip"

	"ikelab/ikev2/wire"
)

// What comes to port 4500, and what does not belong there.

const (
	markers    = "the Non-ESP Marker is 4 octets of zero, where an ESP packet has its SPI, which MUST NOT be zero (after RFC 3948 2.1, 2.2)"
	keepalives = "The receiver SHOULD ignore a received NAT-keepalive packet. (RFC 3948 2.3)"
	answersTo  = "An implementation MUST … respond to the address and port from which the request was received (after RFC 7296 2.23)"
	anyESP     = "implementations MUST process received UDP-encapsulated ESP packets even when no NAT was detected (RFC 7296 2.23)"
	onlyNew    = "an old packet that is replayed must not move the peer (after RFC 7296 2.23)"
)

// packet is an honest echo as an ESP packet.
func (t *Talk) packet(seq uint32) []byte {
	return t.SA.Pair.packet(seq, t.SA.Pair.padded(echoRequest(behindPeer, behindRouter), nextIPv4))
}

func floated() []Case {
	return append([]Case{
		{Name: "IKE at port 4500, then at 500 again", As: Member, RFC: answersTo, Want: []string{informed}, Do: func(t *Talk) {
			for range 2 {
				t.sendFloated(marker, t.SA.seal(t.SA.inform()))
				t.Pass(Round)
				t.ask(t.SA.inform())
			}
		}},
		{Name: "IKE at port 4500 without its marker", As: Member, RFC: markers, Do: func(t *Talk) {
			t.sendFloated(t.SA.seal(t.SA.inform()))
			t.SA.next--
			t.sendFloated((&wire.Message{Header: t.newSA().header(wire.IKE_SA_INIT, 0, false)}).Append(nil))
		}},
		{Name: "IKE at port 500 with a marker", As: Member, RFC: markers, Do: func(t *Talk) {
			t.sendOctets(append(marker[:4:4], t.SA.seal(t.SA.inform())...))
			t.SA.next--
		}},
		{Name: "ESP behind a marker", As: Member, RFC: markers, Do: func(t *Talk) {
			t.sendFloated(marker, t.packet(1))
			for n := range 64 {
				t.sendFloated(marker, t.packet(1)[:n])
			}
		}},
		{Name: "ESP in UDP with an SPI of zero, or a reserved one", As: Member, RFC: markers, Do: func(t *Talk) {
			for spi := range byte(255) {
				whole := t.packet(1)
				copy(whole, []byte{0, 0, 0, spi})
				t.sendFloated(whole)
			}
		}},
	}, inUDP()...)
}

// inUDP are ESP in UDP, keepalives and replays.
func inUDP() []Case {
	return []Case{
		{Name: "ESP in UDP where there is no NAT", As: Member, RFC: anyESP, Want: []string{"ESP"}, Do: func(t *Talk) {
			t.sendFloated(t.packet(1))
			t.Pass(Round)
		}},
		{Name: "ESP in UDP to port 500", As: Member, RFC: markers, Do: func(t *Talk) { t.sendOctets(t.packet(1)) }},
		{Name: "keepalives of every size", As: Member, RFC: keepalives, Do: func(t *Talk) {
			for octet := range 256 {
				t.sendFloated([]byte{byte(octet)})
			}
			for n := range 64 {
				keepalive := make([]byte, n)
				for i := range keepalive {
					keepalive[i] = 0xff
				}
				t.sendFloated(keepalive)
			}
		}},
		{Name: "old packets replayed from elsewhere", As: Member, RFC: onlyNew, Want: []string{informed, "ESP"}, Do: func(t *Talk) {
			old, first := t.SA.seal(t.SA.inform()), t.packet(7)
			t.sendOctets(old)
			t.Pass(Round)
			t.sendESP(first)
			t.Pass(Round)
			t.ask(t.SA.inform())
			own := t.address
			t.address = netip.AddrFrom4([4]byte{10, 0, 0, 99})
			for range 3 {
				t.sendOctets(old)
				t.sendFloated(marker, old)
				t.sendESP(first)
				t.sendFloated(first)
			}
			t.address = own
			t.Pass(Round)
			t.forget()
			t.ask(t.SA.inform())
			t.echo(8)
		}},
	}
}
