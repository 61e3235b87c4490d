package rogue

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"ikelab/router/ip"
)

// Family J: ESP. What is accepted is answered, with an echo.

// Inner addresses: what is behind the peer, and behind the router.
var (
	behindPeer   = netip.AddrFrom4([4]byte{192, 168, 66, 1})
	behindRouter = netip.AddrFrom4([4]byte{192, 168, 1, 1})
)

// echo sends an honest echo request under a sequence number.
func (t *Talk) echo(seq uint32) {
	t.sendESP(t.SA.Pair.packet(seq, t.SA.Pair.padded(echoRequest(behindPeer, behindRouter), nextIPv4)))
	t.Pass(Round)
}

// inner sends any octets as an inner packet, in the next of the numbers.
func (t *Talk) inner(seq *uint32, plain []byte) {
	*seq++
	t.sendESP(t.SA.Pair.packet(*seq, plain))
	t.Pass(Round)
}

const (
	discard = "the receiver MUST discard the packet … this is an auditable event (after RFC 4303 3.4)"
	replay  = "the receiver … MUST verify that the packet contains a Sequence Number that does not duplicate … (RFC 4303 3.4.3)"
)

func packets() []Case {
	esp := []string{"ESP"}
	return append([]Case{
		{Name: "ESP with a reserved or unknown SPI", RFC: discard, Do: func(t *Talk) {
			for spi := range uint32(300) {
				t.sendESP(append(binary.BigEndian.AppendUint32(nil, spi), t.octets(60)...))
			}
		}},
		{Name: "ESP under another's SPI", RFC: discard, Do: func(t *Talk) {
			for _, spi := range t.Others.Pair {
				for n := range 100 {
					t.sendESP(append(spiOctets(spi), append(binary.BigEndian.AppendUint32(nil, 1<<31), t.octets(n)...)...))
				}
			}
		}},
		{Name: "ESP of any length", As: Member, RFC: discard, Do: func(t *Talk) {
			whole := t.SA.Pair.packet(1, t.SA.Pair.padded(echoRequest(behindPeer, behindRouter), nextIPv4))
			for n := range whole {
				t.sendESP(whole[:n])
			}
		}},
		{Name: "ESP with a wrong ICV", As: Member, RFC: discard, Want: esp, Do: func(t *Talk) {
			whole := t.SA.Pair.packet(1<<31, t.SA.Pair.padded(echoRequest(behindPeer, behindRouter), nextIPv4))
			for bit := range 8 * 16 {
				data := append([]byte(nil), whole...)
				data[len(data)-16+bit/8] ^= 1 << (bit % 8)
				t.sendESP(data)
			}
			t.echo(1) // the window has not moved
		}},
		{Name: "a sequence number of zero, and one twice", As: Member, RFC: replay, Want: esp, Do: func(t *Talk) {
			t.echo(0)
			t.echo(5)
			t.forget()
			t.echo(5)
			t.echo(4)
		}},
		{Name: "the edges of the window", As: Member, RFC: replay, Want: esp, Do: func(t *Talk) {
			t.echo(1000)
			t.forget()
			t.echo(1000 - 64) // one too old
			t.require(0)
			t.echo(1000 - 63)
			t.require(1)
		}},
		{Name: "the last sequence numbers", As: Member, RFC: "the counter … MUST NOT be allowed to cycle (after RFC 4303 3.3.3)", Want: esp, Do: func(t *Talk) {
			t.echo(1<<32 - 1)
			t.require(1)
			for _, seq := range []uint32{0, 1, 2, 1 << 31, 1<<32 - 65, 1<<32 - 1} {
				t.echo(seq)
			}
			t.require(1)
		}},
	}, innerPackets()...)
}

func innerPackets() []Case {
	return []Case{
		{Name: "padding that is not 1, 2, 3", As: Member, RFC: "the receiver … SHOULD inspect the Padding field (after RFC 4303 2.4)", Do: func(t *Talk) {
			seq := uint32(0)
			good := t.SA.Pair.padded(echoRequest(behindPeer, behindRouter), nextIPv4)
			for _, change := range []func(b []byte){
				func(b []byte) { b[len(b)-2] = 255 }, func(b []byte) { b[len(b)-3] ^= 1 }, func(b []byte) { b[len(b)-2]++ },
			} {
				bad := append([]byte(nil), good...)
				change(bad)
				t.inner(&seq, bad)
			}
			t.inner(&seq, make([]byte, 16)) // nothing at all inside
		}},
		{Name: "dummy packets", As: Member, RFC: "A receiver MUST be prepared to … discard such packets without indicating an error (after RFC 4303 2.6)", Do: func(t *Talk) {
			seq := uint32(0)
			for n := range 40 {
				t.inner(&seq, t.SA.Pair.padded(t.octets(n), nextNone))
			}
		}},
		{Name: "another protocol inside", As: Member, RFC: "tunnel mode carries IP (after RFC 4303 3.1.2)", Do: func(t *Talk) {
			seq := uint32(0)
			for next := range 256 {
				if next != nextIPv4 {
					t.inner(&seq, t.SA.Pair.padded(echoRequest(behindPeer, behindRouter), byte(next)))
				}
			}
		}},
		{Name: "inner packets that lie", As: Member, RFC: "a packet is checked as any other that comes in (after RFC 1812 5.2.2)", Do: func(t *Talk) {
			seq := uint32(0)
			for _, lie := range innerLies() {
				t.inner(&seq, t.SA.Pair.padded(lie, nextIPv4))
			}
		}},
		{Name: "inner packets from elsewhere", As: Member, RFC: "traffic between the router's own addresses does not come from outside (after RFC 1812 5.3.7)", Do: func(t *Talk) {
			seq := uint32(0)
			for _, from := range []netip.Addr{behindRouter, netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.AddrFrom4([4]byte{224, 0, 0, 1}), netip.AddrFrom4([4]byte{255, 255, 255, 255}), netip.AddrFrom4([4]byte{})} {
				t.inner(&seq, t.SA.Pair.padded(echoRequest(from, behindRouter), nextIPv4))
			}
		}},
	}
}

// innerLies are inner packets that lie about version, lengths and fragments.
func innerLies() (list [][]byte) {
	good := echoRequest(behindPeer, behindRouter)
	for version := range 16 {
		if version != 4 {
			list = append(list, changed(good, 0, byte(version<<4|5)))
		}
	}
	for header := range 16 {
		if header != 5 {
			list = append(list, changed(good, 0, byte(0x40|header)))
		}
	}
	for _, n := range []int{0, 1, 19, len(good) + 1, 65535} {
		list = append(list, changed(good, 2, byte(n>>8), byte(n)))
	}
	for n := range 28 {
		list = append(list, good[:n])
	}
	return list
}

// changed puts octets at a place, and makes the checksum right.
func changed(b []byte, at int, octets ...byte) []byte {
	out := append([]byte(nil), b...)
	copy(out[at:], octets)
	if int(out[0]&15)*4 <= len(out) && out[0]&15 >= 5 {
		ip.SetHeaderChecksum(out)
	}
	return out
}

// require notes in what was heard that a number of packets was not accepted.
func (t *Talk) require(n int) {
	if got := len(t.heard); got != n {
		t.heard = append(t.heard, Heard{Note: fmt.Sprintf("%d answers, not %d", got, n)})
	}
}
