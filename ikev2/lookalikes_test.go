package ikev2

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// Messages that are good but for one thing: RFC 7296, sections 1.3, 2.2 to 2.7, 2.23
// and 3.1.

// An SA stays where it is unless there is a NAT before the peer (RFC 7296 2.23): what
// comes from another address is neither answered nor believed, however authentic.
func TestMessageFromAnotherAddress(t *testing.T) {
	c := upTalk(t)
	for id, payloads := range [][]wire.Payload{nil, {&wire.Delete{Protocol: wire.ProtoIKE}}} {
		request := sealed(c.end("A"), wire.INFORMATIONAL, uint32(2+id), payloads...)
		c.from(netip.MustParseAddrPort("10.0.0.7:500"), "B", ikePort, request)
	}
	c.wantIdle("the peer is at 10.0.0.1")
	c.requireUp()
	c.rekeyChild(0)
	c.pass(1)
	answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }"))
	c.look()
	c.from(netip.MustParseAddrPort("10.0.0.7:500"), "A", ikePort, answer.Data)
	c.wantIdle("so is an answer")
	c.deliver(answer)
	c.pass(2)
	c.settle()
	c.requireUp()
}

// The answer to IKE_SA_INIT comes from where the request went, with the id of the
// request: "The Message ID is a 32-bit quantity, which is zero for the IKE_SA_INIT
// messages" (RFC 7296 2.2). It names a responder, which has no SPI of zero. What has not
// all of this is passed over, and the true answer still counts.
func TestAnswersToInitThatAreNone(t *testing.T) {
	for name, bend := range map[string]func(c *talk, l *letter){
		"from another address": func(c *talk, l *letter) { c.from(netip.MustParseAddrPort("10.0.0.7:500"), "A", ikePort, l.Data) },
		"from another port":    func(c *talk, l *letter) { c.from(netip.MustParseAddrPort("10.0.0.2:501"), "A", ikePort, l.Data) },
		"with another id":      func(c *talk, l *letter) { c.forge("A", reheaded(l, func(h *wire.Header) { h.MessageID = 1 })) },
		"without an SPI":       func(c *talk, l *letter) { c.forge("A", reheaded(l, func(h *wire.Header) { h.SPIr = 0 })) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t)
			c.acquire(0)
			c.pass(1)
			answer := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
			bend(c, answer)
			c.look()
			c.wantIdle("no IKE_AUTH follows")
			c.deliver(answer)
			c.pass(2)
			c.settle()
			c.requireUp()
		})
	}
}

// reheaded are the octets of a message in clear under another header.
func reheaded(l *letter, edit func(*wire.Header)) []byte {
	m, _ := wire.Parse(l.Data)
	edit(&m.Header)
	return plain(m.Header, m.Payloads...)
}

// "An IKE endpoint MUST NOT generate a response to a message that is marked as being a
// response" (RFC 7296 3.1), of whatever version it is.
func TestNewerVersionInAResponse(t *testing.T) {
	c := newTalk(t)
	l, _ := firstRequest(t, c)
	for _, flags := range []byte{0x20, 0x28} {
		data := append([]byte(nil), l.Data...)
		data[17], data[19] = 0x30, flags
		c.forge("B", data)
	}
	c.wantIdle("a response is never answered")
}

// "When the IKE_SA_INIT exchange does not result in the creation of an IKE SA due to
// INVALID_KE_PAYLOAD, NO_PROPOSAL_CHOSEN, or COOKIE, the responder's SPI will be zero also
// in the response message." (RFC 7296 2.6)
func TestRefusalHasNoSPI(t *testing.T) {
	for notify, edit := range map[string]func(*testPolicy){"INVALID_KE_PAYLOAD": groups(14, 19), "NO_PROPOSAL_CHOSEN": groups(14)} {
		c := newTalk(t)
		c.end("A").configure(testConfig(0, quick, edit))
		c.acquire(0)
		c.pass(1)
		l := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { N("+notify+") }"))
		require.Zero(t, l.header(t).SPIr)
		require.Empty(t, c.end("B").SAs())
	}
}

// Whoever answers INVALID_KE_PAYLOAD again and again, now with this group and now with
// that, has the initiator compute for ever (RFC 7296 2.7, 2.21.1).
func TestAnotherGroupEveryTime(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, groups(14, 19)))
	_, m := firstRequest(t, c)
	h := m.Header
	h.Flags = wire.FlagResponse
	wanted := func(i int) []byte {
		return plain(h, ikeNotify(wire.INVALID_KE_PAYLOAD, []byte{0, []byte{19, 14}[i%2]}))
	}
	for i := range maxBadKE {
		c.forge("A", wanted(i))
		c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }"))
	}
	c.forge("A", wanted(maxBadKE))
	c.look()
	c.wantIdle("it goes on with the group that it has")
}

// An answer to a rekey that is not what was asked for makes nothing, and what was to be
// rekeyed serves on (RFC 7296 1.3.2, 1.3.3, 3.3.1).
func TestAnswersToARekeyThatAreNone(t *testing.T) {
	withoutKE := func(list []wire.Payload) (rest []wire.Payload) {
		for _, p := range list {
			if _, is := p.(*wire.KE); !is {
				rest = append(rest, p)
			}
		}
		return rest
	}
	withoutSPI := func(list []wire.Payload) []wire.Payload {
		sa := *list[0].(*wire.SA)
		sa.Proposals = append([]wire.Proposal(nil), sa.Proposals...)
		sa.Proposals[0].SPI = make([]byte, 8)
		return append([]wire.Payload{&sa}, list[1:]...)
	}
	for name, row := range map[string]struct {
		begin func(*lab, int)
		bend  func([]wire.Payload) []wire.Payload
	}{
		"a pair without the key exchange":    {(*lab).rekeyChild, withoutKE},
		"an IKE SA without the key exchange": {(*lab).rekeyIKE, withoutKE},
		"an IKE SA of SPI 0":                 {(*lab).rekeyIKE, withoutSPI},
	} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t, func(p *testPolicy) { p.Children[0].PFS = 19 })
			spi, in := c.end("A").SAs()[0].SPIi, c.pair(0).In.SPI
			row.begin(c.lab, 0)
			c.pass(1)
			answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce KE ... }"))
			c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, row.bend(c.end("B").message(answer.Datagram).Payloads)...))
			c.settle()
			require.Len(t, c.end("A").SAs(), 1)
			require.Equal(t, spi, c.end("A").SAs()[0].SPIi)
			require.Len(t, c.end("A").pairs, 1)
			require.Equal(t, in, c.pair(0).In.SPI)
			require.NotEmpty(t, events[Failure](c.end("A")))
		})
	}
}

// "An IKE endpoint MUST NOT exceed the peer's stated window size for transmitted IKE
// requests. In other words, if the responder stated its window size is N, then when the
// initiator needs to make a request X, it MUST wait until it has received responses to
// all requests up through request X-N." (RFC 7296 2.3)
func TestWindowOfTwo(t *testing.T) {
	c := upTalk(t, func(p *testPolicy) { p.Window = 2 })
	begin := func() { c.peers[0].apply(c.peers[0].notice()) }
	begin()
	first := c.hold(c.wantSend("A", "INFORMATIONAL request 2 { ... }"))
	begin()
	c.wantSend("A", "INFORMATIONAL request 3 { ... }")
	c.wantSend("B", "INFORMATIONAL response 3 { }")
	begin()
	c.run(patience)
	require.Empty(t, c.sent, "request 4 waits for the answer to 2, although just one is out")
	c.deliver(first)
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	c.wantSend("A", "INFORMATIONAL request 4 { ... }")
	// "there is currently no way to reduce the window size of an existing IKE SA; you can
	// only increase it" (2.3)
	sa := c.end("A").sorted()[0]
	sa.readWindow(&wire.Message{Payloads: []wire.Payload{ikeNotify(wire.SET_WINDOW_SIZE, []byte{0, 0, 0, 1})}})
	require.EqualValues(t, 2, sa.requests.Peer())
}

// notice is one more request of an end, which asks nothing.
func (p *end) notice() Effects {
	p.begin(p.lab.now)
	p.start(p.sorted()[0], &exchange{purpose: forNotice, notice: ikeNotify(wire.NotifyType(40000), nil)}, EvSendInfo)
	return p.Engine.end()
}

// The answers that an end keeps are as many as the window that it has announced, also
// after a rekey: "The responder MUST remember each response until it receives a request
// whose sequence number is larger than or equal to the sequence number in the response
// plus its window size" (RFC 7296 2.1).
func TestAnswersOfAWholeWindowAreKept(t *testing.T) {
	for _, rekeyed := range []bool{false, true} {
		c, first := upTalk(t), uint32(2)
		if rekeyed {
			c.rekeyIKE(0)
			c.pass(4)
			c.settle()
			first = 0
		}
		c.look()
		for id := first; id < first+5; id++ { // the last first, as all of the window may come
			c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 2*first+4-id))
			c.hold(c.wantSend("B", fmt.Sprintf("INFORMATIONAL response %d { }", 2*first+4-id)))
		}
		for id := first; id < first+5; id++ {
			c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, id))
			c.hold(c.wantSend("B", fmt.Sprintf("INFORMATIONAL response %d { }", id)))
		}
	}
}

// The end that made a pair rekeys it, half its margin before the other would, so that
// rekeys seldom meet (RFC 7296 2.8.1).
func TestWhoMadeItRekeysFirst(t *testing.T) {
	for seed := range uint64(20) {
		c := talkOf(t, seed, func(p *testPolicy) { p.Children[0].Lifetime = time.Hour })
		c.establish()
		made, other := c.end("A").newest(), c.end("B").newest()
		require.Greater(t, other.rekeyAt.Sub(made.rekeyAt), time.Second, "seed %d", seed)
	}
}

// An unrelated success shows that the two ends still agree: TEMPORARY_FAILURE counts from
// the first of those that follow each other (RFC 7296 2.25).
func TestBusyOnceInAWhile(t *testing.T) {
	var k ikeSA
	now := labEpoch
	require.False(t, outOfSync(&k, now, wire.TEMPORARY_FAILURE))
	require.False(t, outOfSync(&k, now.Add(busyTime-time.Second), wire.NO_PROPOSAL_CHOSEN), "the peer has looked at it")
	require.False(t, outOfSync(&k, now.Add(busyTime), wire.TEMPORARY_FAILURE))
	require.True(t, outOfSync(&k, now.Add(2*busyTime), wire.TEMPORARY_FAILURE))
}
