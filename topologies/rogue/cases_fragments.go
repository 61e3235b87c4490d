package rogue

import (
	"fmt"
	"net/netip"

	"ikelab/ikev2/wire"
	"ikelab/router/ip"
)

// Cookies of every size, fragments of every kind, and packets from elsewhere.

const (
	cookieLength = "the data … MUST be between 1 and 64 octets in length (RFC 7296 2.6)"
	wholeOnly    = "a message is taken when all its fragments have come (after RFC 7383 2.6)"
	evictsNone   = "a fragment whose integrity check fails is dropped, and nothing else is (after RFC 7383 2.6)"
	room         = "fragments that make no whole are kept in bounded room and for a bounded time (after RFC 7383 2.6, 5)"

	informed = "INFORMATIONAL response { }"
)

func cookies() []Case {
	var list []Case
	for _, n := range []int{0, 1, 2, 31, 63, 64, 65, 66, 128, 1000} {
		c := Case{Name: fmt.Sprintf("a cookie of %d octets", n), As: Asked, RFC: cookieLength, Want: []string{askedInit}, Do: quiet}
		if n >= 1 && n <= 64 {
			c.Want = []string{askedInit, askedCookie, askedAuth}
		}
		c.Bend = onInit(func(a *Answer) {
			if a.Request.Notify(wire.COOKIE) == nil {
				refuse(&wire.Notify{Kind: wire.COOKIE, Data: make([]byte, n)})(a)
			}
		})
		list = append(list, c)
	}
	return list
}

// pieces are fragments of an INFORMATIONAL request that a router has agreed to take.
func pieces() []Case {
	return append([]Case{
		{Name: "fragments that nobody agreed on", As: Member, RFC: "the extension is used when both have said so (after RFC 7383 2.3)", Do: func(t *Talk) {
			t.pieces(3, func(h wire.Header, p piece) { t.sendOctets(t.SA.sealPiece(h, p)) })
		}},
		{Name: "fragments backwards and twice", As: Member, Fragments: true, RFC: wholeOnly, Want: []string{informed}, Do: func(t *Talk) {
			var list [][]byte
			t.pieces(5, func(h wire.Header, p piece) { list = append(list, t.SA.sealPiece(h, p)) })
			for i := range list {
				t.sendOctets(list[len(list)-1-i])
				t.sendOctets(list[len(list)-1-i])
			}
		}},
		{Name: "a fragment that is missing", As: Member, Fragments: true, RFC: wholeOnly, Do: func(t *Talk) {
			t.pieces(5, func(h wire.Header, p piece) {
				if p.number != 3 {
					t.sendOctets(t.SA.sealPiece(h, p))
				}
			})
		}},
		{Name: "fragments that overlap", As: Member, Fragments: true, Want: []string{informed}, Do: func(t *Talk) {
			t.pieces(4, func(h wire.Header, p piece) {
				t.sendOctets(t.SA.sealPiece(h, p))
				p.inside = t.octets(len(p.inside))
				t.sendOctets(t.SA.sealPiece(h, p))
			})
		}, RFC: "a fragment that is there already is no other one, whatever it holds (after RFC 7383 2.6)"},
		{Name: "fragments that contradict", As: Member, Fragments: true, Want: []string{informed}, Do: func(t *Talk) {
			t.pieces(4, func(h wire.Header, p piece) {
				for _, lie := range [][2]uint16{{0, 4}, {5, 4}, {1, 0}, {1, 2}, {9, 3}, {4, 4}} { // the last one is empty
					if p.number > 1 { // there is one that they contradict
						t.sendOctets(t.SA.sealPiece(h, piece{number: lie[0], total: lie[1]}))
					}
				}
				t.sendOctets(t.SA.sealPiece(h, p))
			})
		}, RFC: "a fragment with fewer in all than those that are there is discarded (after RFC 7383 2.6)"},
		{Name: "forged fragments among the true ones", As: Member, Fragments: true, RFC: evictsNone, Want: []string{informed}, Do: func(t *Talk) {
			t.pieces(4, func(h wire.Header, p piece) {
				for _, total := range []uint16{4, 5, 255, 65535} {
					forged := t.SA.sealPiece(h, piece{p.first, p.number, total, t.octets(64)})
					forged[len(forged)-1] ^= 1
					t.sendOctets(forged)
				}
				t.sendOctets(t.SA.sealPiece(h, p))
			})
		}},
	}, crowds()...)
}

// crowds are fragments by the thousand.
func crowds() []Case {
	return []Case{
		{Name: "fragments by the thousand under the SA", As: Member, Fragments: true, RFC: room, Do: func(t *Talk) {
			for id := range uint32(5) {
				h := t.SA.header(wire.INFORMATIONAL, t.SA.next+id, false)
				for n := range uint16(50) { // less than a message may have
					t.sendOctets(t.SA.sealPiece(h, piece{wire.TypeNotify, n + 1, 255, t.octets(1200)}))
				}
			}
			for n := range uint16(1000) {
				t.sendOctets(t.SA.sealPiece(t.SA.header(wire.INFORMATIONAL, t.SA.next, false), piece{wire.TypeNotify, n + 1, 65535, t.octets(100)}))
			}
		}},
		{Name: "fragments of a message without end", As: Member, Fragments: true, Ends: true, Want: []string{"INFORMATIONAL request { D(ESP) }", "INFORMATIONAL request { D(IKE) }"}, Do: func(t *Talk) {
			h := t.SA.header(wire.INFORMATIONAL, t.SA.next, false)
			for n := range uint16(254) {
				t.sendOctets(t.SA.sealPiece(h, piece{wire.TypeNotify, n + 1, 255, t.octets(1200)}))
			}
		}, RFC: "an attack or a broken sender: the receiver SHOULD drop the connection and discard the fragments (after RFC 7383 5)"},
		{Name: "forged fragments by the thousand", As: Member, Fragments: true, RFC: evictsNone, Want: []string{informed}, Do: func(t *Talk) {
			t.pieces(3, func(h wire.Header, p piece) {
				t.sendOctets(t.SA.sealPiece(h, p))
				for n := range uint16(1000) {
					forged := t.SA.sealPiece(h, piece{wire.TypeNotify, n%255 + 1, 255, t.octets(100)})
					forged[len(forged)-1] ^= 1
					t.sendOctets(forged)
				}
			})
		}},
		{Name: "fragments in another's name", RFC: evictsNone, Do: func(t *Talk) {
			h := wire.NewHeader(t.Others.SPIi, t.Others.SPIr, true, wire.INFORMATIONAL, 0, false)
			for id := range uint32(10) {
				h.MessageID = id
				t.sendOctets(inClear(h, wire.TypeSKF, append([]byte{0, 0, 0, 100, 0, 1, 0, 2}, t.octets(92)...)))
			}
		}},
		{Name: "IP fragments by the thousand that make no whole", As: Member, RFC: "fragments are put together in bounded room (after RFC 791 3.2, RFC 1122 3.3.2)", Want: []string{informed}, Do: func(t *Talk) {
			for n := range 2000 {
				t.sendPiece(uint16(n/3), n%3*8, t.octets(64)) // each overlaps the one before
			}
			t.ask(t.SA.inform())
		}},
		{Name: "forged packets from another address", As: Member, Want: []string{"ESP", informed}, Do: func(t *Talk) {
			own := t.address
			t.address = netip.AddrFrom4([4]byte{10, 0, 0, 99})
			forged := t.SA.seal(t.SA.inform())
			t.SA.next--
			forged[len(forged)-1] ^= 1
			t.sendOctets(forged)
			packet := t.SA.Pair.packet(1, t.SA.Pair.padded(echoRequest(t.Address, t.Router), nextIPv4))
			packet[len(packet)-1] ^= 1
			t.sendESP(packet)
			t.address = own
			t.echo(1)
			t.ask(t.SA.inform())
		}, RFC: "the peer's address changes with an authentic packet only (after RFC 7296 2.23)"},
	}
}

// pieces cuts a request that says nothing, with padding payloads, into so many.
func (t *Talk) pieces(total uint16, each func(wire.Header, piece)) {
	chain := chainOf(&wire.VendorID{Data: t.octets(100)}, &wire.VendorID{Data: t.octets(100)})
	h, n := t.SA.nextHeader(wire.INFORMATIONAL), (len(chain)+int(total)-1)/int(total)
	for i := range int(total) {
		p := piece{number: uint16(i + 1), total: total, inside: chain[i*n : min(len(chain), (i+1)*n)]}
		if i == 0 {
			p.first = wire.TypeVendorID
		}
		each(h, p)
	}
}

// sendPiece sends an IP fragment of UDP, of which more are to come.
func (s *station) sendPiece(ident uint16, offset int, data []byte) {
	s.sent++
	b := ipv4(s.address, s.router, protoUDP, ident, data)
	b[6], b[7] = 0x20|byte(offset/8>>8), byte(offset/8)
	b[10], b[11] = 0, 0
	ip.SetHeaderChecksum(b[:ip.HeaderLen])
	s.transmit(0, append(s.ethernet(s.routerMAC, etherIPv4, len(b)), b...), 0)
}
