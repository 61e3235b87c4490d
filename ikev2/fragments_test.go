package ikev2

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// IKE fragmentation: RFC 7383.

// fragmented is a configuration that fragments at so many octets of a packet.
func fragmented(mtu int) func(*testPolicy) {
	return func(p *testPolicy) { p.FragmentMTU = mtu }
}

const authRequest, authResponse = "IKE_AUTH request 1 { ... AUTH ... }", "IKE_AUTH response 1 { ... AUTH ... }"

// upFragmented is a conversation after the initial exchanges.
func upFragmented(t *testing.T, mtu int) *talk {
	c := newTalk(t, fragmented(mtu))
	follow := c.tamper
	c.tamper = nil
	c.acquire(0)
	c.run(time.Second)
	c.requireUp()
	c.look()
	c.tamper = follow
	return c
}

// untilAuth is a conversation whose next message is IKE_AUTH.
func untilAuth(t *testing.T, mtu int) *talk {
	c := newTalk(t, fragmented(mtu))
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 { ... N(IKEV2_FRAGMENTATION_SUPPORTED) }")
	c.wantSend("B", "IKE_SA_INIT response 0 { ... N(IKEV2_FRAGMENTATION_SUPPORTED) ... }")
	return c
}

// wantFragments wants a message in fragments, and holds them.
func (c *talk) wantFragments(from, like string) []*letter {
	c.t.Helper()
	var list []*letter
	for total := 1; len(list) < total; {
		l := c.hold(c.wantSend(from, like))
		require.Equal(c.t, byte(wire.TypeSKF), l.Data[16])
		number, n := numbersOf(l)
		require.Equal(c.t, len(list)+1, number)
		list, total = append(list, l), n
	}
	return list
}

// numbersOf are which of how many fragments one is.
func numbersOf(l *letter) (number, total int) {
	return int(binary.BigEndian.Uint16(l.Data[32:])), int(binary.BigEndian.Uint16(l.Data[34:]))
}

// "After that, it is up to the initiator of each exchange to decide whether or not to
// use it." (RFC 7383 2.4) Every message that is longer than the limit is fragmented,
// and no datagram is longer (2.5.1).
func TestFragmentsOfAuth(t *testing.T) {
	for _, mtu := range []int{68, 200, 300, 576, 1500} {
		requireCut(t, mtu, mtu, headers)
	}
}

// requireCut: with a configured length no datagram is longer than want allows, with the headers before it.
func requireCut(t *testing.T, mtu, want, headers int, edit ...func(*testPolicy)) {
	c := newTalk(t, append(edit, fragmented(mtu))...)
	longest, cut := 0, 0
	c.tamper = func(_ int, d Datagram) []Datagram {
		require.Equal(t, headers == headers6, d.Remote.Addr().Is6())
		if d.Data[16] != byte(wire.TypeSA) {
			longest = max(longest, len(d.Data))
		}
		cut += flag(d.Data[16] == byte(wire.TypeSKF))
		return []Datagram{d}
	}
	c.acquire(0)
	c.run(time.Second)
	c.requireUp()
	require.Equal(t, want < 400, cut > 2, "%d fragments at %d", cut, mtu)
	if mtu > 100 {
		require.LessOrEqual(t, longest, want-headers)
	}
	require.Equal(t, want-headers, c.end("A").SAs()[0].FragmentOctets)
}

// over6 lets both ends talk over IPv6.
func over6(p *testPolicy) {
	six := func(a netip.Addr) netip.Addr {
		return netip.MustParseAddr("2001:db8::" + strconv.Itoa(int(a.As4()[3])))
	}
	p.Keyrings[0].Peers[0].Address = netip.MustParsePrefix("2001:db8::/64")
	p.Children[0].Local, p.Children[0].Remote = six(p.Children[0].Local), six(p.Children[0].Remote)
}

// TestFragmentsOverIPv6: 1280 octets are what RFC 7383 2.5.1 recommends for IPv6, where no other
// length is configured; and the header of IPv6 counts.
func TestFragmentsOverIPv6(t *testing.T) {
	for mtu, want := range map[int]int{68: 68, 300: 300, 576: 1280, 1400: 1400} {
		requireCut(t, mtu, want, headers6, over6)
	}
}

// "IKE fragmentation MUST NOT be used unless both peers have indicated their support
// for it." (RFC 7383 2.4)
func TestNoFragmentsUnlessAgreed(t *testing.T) {
	for i := range 2 {
		c := newTalk(t)
		c.peers[i].configure(testConfig(i, quick, fragmented(100)))
		c.acquire(0)
		c.pass(1)
		l := c.wantSend("B", "IKE_SA_INIT response 0 { ... }")
		require.NotContains(t, l.text, "FRAGMENTATION")
		c.wantSend("A", authRequest)
		c.wantSend("B", authResponse)
		c.settle()
		c.requireUp()
	}
}

// A fragment that comes although nothing was agreed is refused, also when its sender
// would.
func TestFragmentsUnasked(t *testing.T) {
	for _, mtu := range []int{0, 576} {
		c := newTalk(t)
		c.end("A").configure(testConfig(0, quick, fragmented(mtu)))
		c.establish()
		b := fragmentsBy(c.end("A"), wire.INFORMATIONAL, 2, 500, &wire.Delete{Protocol: wire.ProtoIKE})
		c.forge("B", b[0])
		c.wantEvent("B", "refused: "+ErrUnexpected.Error())
		c.requireUp()
	}
}

// fragmentsBy are the datagrams of a request of an end, of so many octets.
func fragmentsBy(p *end, exchange wire.ExchangeType, id uint32, most int, payloads ...wire.Payload) [][]byte {
	sa := p.sorted()[0]
	m := &wire.Message{Header: sa.header(exchange, id, false), Payloads: payloads}
	sealer, _ := sa.keys.Cipher(sa.initiator, nil)
	return m.Fragments(most, sealer, func(iv []byte) { p.fillIV(sa, iv) })
}

// Fragments come in any order, twice, and some of them late: the receiver waits
// for each, and a retransmission is of all (RFC 7383 2.6.1).
func TestFragmentsLostAndRepeated(t *testing.T) {
	c := untilAuth(t, 200)
	first := c.wantFragments("A", authRequest)
	require.Greater(t, len(first), 3)
	c.look()
	for _, l := range slices.Backward(first[1:]) {
		c.deliver(l)
		c.deliver(l)
	}
	c.wantIdle("the first is missing")
	c.advanceToDeadline("A")
	again := c.wantFragments("A", authRequest)
	for i, l := range again {
		require.Equal(t, first[i].Data, l.Data, "the same octets")
	}
	c.deliver(again[0])
	for _, l := range c.wantFragments("B", authResponse) {
		c.deliver(l)
	}
	c.settle()
	c.requireUp()
	require.Zero(t, c.end("B").sorted()[0].fragments.octets())
}

// "If the responder receives a retransmitted fragment of a request when it has already
// processed that request and has sent back a response, that event MUST only
// trigger a retransmission of the response message (fragmented or not) if the
// Fragment Number field in the received fragment is set to 1; otherwise, it MUST be
// ignored." (RFC 7383 2.6.1)
func TestFragmentsOfAnAnsweredRequest(t *testing.T) {
	c := untilAuth(t, 200)
	request := c.wantFragments("A", authRequest)
	for _, l := range request {
		c.deliver(l)
	}
	response := c.wantFragments("B", authResponse)
	c.settle()
	c.look()
	for _, l := range request[1:] {
		c.deliver(l)
	}
	forged := slices.Clone(request[0].Data)
	forged[40] ^= 1
	c.forge("B", forged)
	c.wantIdle("a later one is ignored, and so is one that is not the peer's")
	c.deliver(request[0])
	for i, l := range c.wantFragments("B", authResponse) {
		require.Equal(t, response[i].Data, l.Data)
		c.deliver(l)
	}
	c.settle()
	c.requireUp()
}

// A fragment that fails its check evicts nothing (RFC 7383 2.6, 5): each is
// verified before anything is kept.
func TestForgedFragments(t *testing.T) {
	c := untilAuth(t, 200)
	list := c.wantFragments("A", authRequest)
	for i, l := range list {
		for at := range l.Data {
			forged := slices.Clone(l.Data)
			forged[at] ^= 0x80
			c.forge("B", forged)
		}
		for _, total := range []int{1, len(list) - 1, len(list) + 1, 65535} {
			forged := slices.Clone(l.Data)
			binary.BigEndian.PutUint16(forged[34:], uint16(total))
			c.forge("B", forged)
		}
		c.deliver(list[i])
		c.post()
	}
	c.look()
	c.sent = nil
	c.tamper = nil
	c.run(5 * time.Second)
	c.requireUp()
}

// What the peer itself sends may contradict, too: the number of fragments may grow and
// not shrink, and another fragment of a number is "considered a replay and MUST be
// silently discarded" (RFC 7383 2.6).
func TestContradictingFragments(t *testing.T) {
	c := upFragmented(t, 576)
	a, b := c.end("A"), c.end("B")
	note, before := &wire.VendorID{Data: make([]byte, 300)}, len(events[FragmentArrived](b))
	few, more := fragmentsBy(a, wire.INFORMATIONAL, 2, 250, note), fragmentsBy(a, wire.INFORMATIONAL, 2, 150, note)
	fates := func() (list []window.Fate) {
		for _, ev := range events[FragmentArrived](b) {
			list = append(list, ev.Fate)
		}
		return list[before:]
	}
	c.forge("B", few[0])
	c.forge("B", few[0])
	c.forge("B", more[1])
	c.forge("B", few[1])
	c.forge("B", fragmentsBy(a, wire.CREATE_CHILD_SA, 2, 150, note)[2])
	require.Equal(t, []window.Fate{window.Kept, window.Doubled, window.Replaced, window.Misfit, window.Misfit}, fates())
	require.Empty(t, c.sent)
	for i := range more {
		c.forge("B", more[i])
	}
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	require.Zero(t, b.sorted()[0].fragments.octets())
	c.settle()
	c.requireUp()
}

// What is kept is bounded: of a message, and of all that comes from one address;
// ids outside the window are not kept at all.
func TestFragmentsByTheThousand(t *testing.T) {
	c := upFragmented(t, 576)
	a, b := c.end("A"), c.end("B")
	sa := b.sorted()[0]
	for id := range uint32(20) {
		m := &wire.Message{Header: a.sorted()[0].header(wire.INFORMATIONAL, 2+id, false), Payloads: []wire.Payload{&wire.VendorID{Data: make([]byte, 60000)}}}
		sealer, _ := a.sorted()[0].keys.Cipher(true, nil)
		for _, f := range m.Fragments(1400, sealer, func(iv []byte) { a.fillIV(a.sorted()[0], iv) })[1:] {
			c.forge("B", f)
		}
	}
	require.LessOrEqual(t, sa.fragments.octets(), window.MaxPieceRoom)
	require.Empty(t, c.sent)
	// One message more goes all the same: it is whole.
	c.forge("B", sealed(a, wire.INFORMATIONAL, 2))
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	require.LessOrEqual(t, sa.fragments.octets(), window.MaxPieceRoom)
	c.settle()
	c.requireUp()
}

// What is answered needs no fragments any more, though the answer be that nobody can read it: nothing
// stays of them, nor of the room that the address has for others.
func TestFragmentsOfWhatCameWhole(t *testing.T) {
	for name, payload := range map[string]wire.Payload{"good": &wire.VendorID{Data: []byte("x")}, "nonsense": strange, "broken": &wire.Unknown{Kind: wire.TypeDelete, Data: []byte{1}}} {
		c := upFragmented(t, 576)
		a, b := c.end("A"), c.end("B")
		c.forge("B", fragmentsBy(a, wire.INFORMATIONAL, 2, 1400, &wire.VendorID{Data: make([]byte, 3000)})[1])
		require.NotZero(t, b.sorted()[0].fragments.octets())
		b.sorted()[0].lastHeard = labEpoch
		c.forge("B", sealed(a, wire.INFORMATIONAL, 2, payload))
		c.wantSend("B", "INFORMATIONAL response 2 { ... }")
		require.Zero(t, b.sorted()[0].fragments.octets(), name)
		require.Equal(t, c.now, b.sorted()[0].lastHeard, "%s: the peer lives", name)
	}
}

// Strangers' SAs share the room of their address (RFC 7383 5: half-open SAs must
// not exhaust memory).
func TestFragmentRoomOfAnAddress(t *testing.T) {
	p := &peer{path: path{}}
	for range 9 {
		sa := &ikeSA{peer: p}
		p.sas = append(p.sas, sa)
		for n := range 3 {
			room := window.MaxPieceRoom - p.fragmentOctets(labEpoch)
			p.holds(sa)
			sa.fragments.pieces.Add(labEpoch, 1, window.Piece{Number: n + 1, Total: 4, Data: make([]byte, 20_000)}, room)
		}
	}
	require.LessOrEqual(t, p.fragmentOctets(labEpoch), window.MaxPieceRoom)
	require.Greater(t, p.fragmentOctets(labEpoch), window.MaxPieceRoom-20_000)
	require.Zero(t, p.fragmentOctets(labEpoch.Add(2*time.Minute)), "what will not be whole any more makes room, whosever it is")
	require.Empty(t, p.partial, "and is not asked about again")
}

// An authentic message that its fragments make, and that cannot be understood,
// is answered as any other (RFC 7296 2.21.3).
func TestFragmentsOfNonsense(t *testing.T) {
	c := upFragmented(t, 576)
	for _, f := range fragmentsBy(c.end("A"), wire.INFORMATIONAL, 2, 150, strange, &wire.VendorID{Data: make([]byte, 200)}) {
		c.forge("B", f)
	}
	c.wantSend("B", "INFORMATIONAL response 2 { N(UNSUPPORTED_CRITICAL_PAYLOAD) }")
	c.settle()
	c.requireUp()
}

// The SA of a rekey fragments as the one before it.
func TestFragmentsAfterARekey(t *testing.T) {
	c := upFragmented(t, 200)
	c.tamper = nil
	c.rekeyIKE(0)
	c.run(time.Minute)
	c.requireUp()
	require.Equal(t, 200-headers, c.end("A").SAs()[0].FragmentOctets)
	require.Equal(t, 200-headers, c.end("B").SAs()[0].FragmentOctets)
	cut := 0
	c.tamper = func(_ int, d Datagram) []Datagram {
		cut += flag(d.Data[16] == byte(wire.TypeSKF))
		return []Datagram{d}
	}
	c.rekeyChild(1)
	c.run(time.Minute)
	c.requireUp()
	require.Greater(t, cut, 2)
}

// "If none of the above apply, the responder SHOULD respond in the same form (fragmented
// or not) as the request message to which it is responding." (RFC 7383 2.4) The peer's
// fragments pass where longer datagrams may not; but none make us send shorter ones than
// every host takes.
func TestAnswersHaveTheFormOfTheRequest(t *testing.T) {
	for asked, most := range map[int]int{0: 0, 560: 560, 120: 576 - headers} {
		c := upFragmented(t, 1500)
		menus := espMenus(&testConfig(0).Children[0], true)
		menus[0].Group = []ipsec.Group{16}
		payloads := offerFor(c, menus, publicValue(t, c, 16))
		request := [][]byte{sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, payloads...)}
		if asked > 0 {
			request = fragmentsBy(c.end("A"), wire.CREATE_CHILD_SA, 2, asked, payloads...)
		}
		for _, f := range request {
			c.forge("B", f)
		}
		const answer = "CREATE_CHILD_SA response 2 { SA Nonce KE TSi TSr ... }"
		if asked == 0 {
			l := c.wantSend("B", answer)
			require.Equal(t, byte(wire.TypeSK), l.Data[16])
			require.Greater(t, len(l.Data), 560)
			continue
		}
		for _, l := range c.wantFragments("B", answer) {
			require.LessOrEqual(t, len(l.Data), most)
		}
	}
}
