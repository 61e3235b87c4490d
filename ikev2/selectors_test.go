package ikev2

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Traffic Selectors of entries that may have several pairs: lines of crypto maps.

func netOf(prefix string) []spd.Selector {
	return []spd.Selector{spd.PrefixSelector(netip.MustParsePrefix(prefix))}
}

// lines gives both ends an entry for each prefix of A's networks, towards 10.2.0.0/16
// at B.
func lines(prefixes ...string) func(*testPolicy) {
	return func(p *testPolicy) {
		model := p.Children[0]
		p.Children = nil
		for i, prefix := range prefixes {
			f := model
			f.Entry, f.Order, f.Several = fmt.Sprintf("line%d", i), int64(i), true
			f.Selectors = [2][]spd.Selector{netOf(prefix), netOf("10.2.0.0/16")}
			if f.Local == netip.MustParseAddr("10.0.0.2") {
				slices.Reverse(f.Selectors[:])
			}
			p.Children = append(p.Children, f)
		}
	}
}

// echo are the selectors of an ICMP echo between two hosts.
func echo(from, to string) (s [2]spd.Selector) {
	for i, a := range []string{from, to} {
		s[i] = netOf(a + "/32")[0]
		s[i].Proto, s[i].StartPort, s[i].EndPort = 1, 0x800, 0x800
	}
	return s
}

// want asks for a pair for an echo.
func (c *talk) want(of int, entry, from, to string) {
	c.peers[of].apply(c.peers[of].Acquire(c.now, entry, echo(from, to)))
}

// offered are TSi and TSr of a letter.
func (c *talk) offered(l *letter) [2][]spd.Selector {
	tsi, tsr, ok := selectors(c.peers[l.from].message(l.Datagram))
	require.True(c.t, ok)
	return [2][]spd.Selector{tsi, tsr}
}

// carried are the networks of this end in its pairs, in order.
func (c *talk) carried(of int) (list []string) {
	for _, pair := range c.peers[of].pairs {
		list = append(list, fmt.Sprint(pair.Local[0].Start))
	}
	slices.Sort(list)
	return list
}

// "the initiator SHOULD include as the first Traffic Selector in each of TSi and TSr
// a very specific Traffic Selector including the addresses in the packet triggering
// the request." (RFC 7296 2.9)
func TestPacketIsOfferedFirst(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/16"))
	c.want(0, "line0", "10.1.0.7", "10.2.0.9")
	c.pass(2)
	packet := echo("10.1.0.7", "10.2.0.9")
	l := c.wantSend("A", "IKE_AUTH request 1 { ... SA TSi TSr ... }")
	require.Equal(t, [2][]spd.Selector{append(packet[:1:1], netOf("10.1.0.0/16")...), append(packet[1:2:2], netOf("10.2.0.0/16")...)}, c.offered(l))
	l = c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }")
	require.Equal(t, [2][]spd.Selector{netOf("10.1.0.0/16"), netOf("10.2.0.0/16")}, c.offered(l), "what another one covers is left out")
	c.settle()
	require.Len(t, c.end("A").pairs, 1)
}

// "If the responder's policy allows it to accept the first selector of TSi and TSr,
// then the responder MUST narrow the Traffic Selectors to a subset that includes the
// initiator's first choices." "When narrowing is done, there may be several subsets
// that are acceptable but their union is not. In this case, the responder arbitrarily
// chooses one of them, and MAY include an ADDITIONAL_TS_POSSIBLE notification in the
// response." (RFC 7296 2.9)
func TestFirstChoiceIsIncluded(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/16"))
	c.end("B").configure(testConfig(1, quick, lines("10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24")))
	c.want(0, "line0", "10.1.1.7", "10.2.0.9")
	c.pass(3)
	l := c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr N(ADDITIONAL_TS_POSSIBLE) ... }")
	require.Equal(t, [2][]spd.Selector{netOf("10.1.1.0/24"), netOf("10.2.0.0/16")}, c.offered(l))
	c.settle()
	c.want(0, "line0", "10.1.2.7", "10.2.0.9")
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }")
	l = c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr N(ADDITIONAL_TS_POSSIBLE) ... }")
	require.Equal(t, netOf("10.1.2.0/24"), c.offered(l)[0])
	c.settle()
	require.Equal(t, []string{"10.1.1.0", "10.1.2.0"}, c.carried(0))
	require.Equal(t, map[string]int{"line1": 1, "line2": 1}, c.tunnels(1))
}

// "If the responder's policy does not allow it to accept the first selector of TSi and
// TSr, the responder narrows to an acceptable subset of TSi and TSr." (RFC 7296 2.9)
func TestFirstChoiceIsNotAcceptable(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/16"))
	c.end("B").configure(testConfig(1, quick, lines("10.1.5.0/24")))
	c.want(0, "line0", "10.1.1.7", "10.2.0.9")
	c.pass(3)
	l := c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }")
	require.Equal(t, netOf("10.1.5.0/24"), c.offered(l)[0])
	c.settle()
	c.want(0, "line0", "10.1.1.8", "10.2.0.9")
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }")
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.settle()
	require.Equal(t, []string{"10.1.5.0"}, c.carried(0), "one more of the same is of no use")
	require.Equal(t, []string{"10.2.0.0"}, c.carried(1))
}

// Two entries that ask at once share one IKE SA: the second waits for the first
// one's (RFC 7296 1.3.1).
func TestEntriesShareAnIKESA(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/24", "10.1.1.0/24"))
	c.want(0, "line0", "10.1.0.7", "10.2.0.9")
	c.want(0, "line1", "10.1.1.7", "10.2.0.9")
	c.pass(4)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }")
	c.pass(1)
	c.settle()
	require.Len(t, c.end("A").SAs(), 1)
	require.Equal(t, []string{"10.1.0.0", "10.1.1.0"}, c.carried(0))
	c.rekeyChild(0)
	l := c.wantSend("A", "CREATE_CHILD_SA request 3 { N(REKEY_SA) SA Nonce TSi TSr ... }")
	require.Len(t, c.offered(l)[0], 1, "a pair is rekeyed as it is")
}

// "A failed attempt to create a Child SA SHOULD NOT tear down the IKE SA" (RFC 7296
// 1.3.1): the first one's neither, when others wait for it.
func TestFirstOfSeveralRefused(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/24", "10.1.1.0/24"))
	c.end("B").configure(testConfig(1, quick, lines("10.1.1.0/24")))
	c.want(0, "line0", "10.1.0.7", "10.2.0.9")
	c.want(0, "line1", "10.1.1.7", "10.2.0.9")
	c.pass(3)
	c.wantSend("B", "IKE_AUTH response 1 { ... N(TS_UNACCEPTABLE) ... }")
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }")
	c.wantEvent("A", "tunnel down: TS unacceptable")
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }")
	c.settle()
	require.Equal(t, []string{"10.1.1.0"}, c.carried(0))
}

// An offer of 255 selectors is narrowed, one that fits nothing refused, and the IKE
// SA lives on (RFC 7296 1.3.1, 2.9).
func TestOfferOf255Selectors(t *testing.T) {
	many := func(p *testPolicy) {
		p.Children[0].Selectors[0] = nil
		for i := range 255 {
			p.Children[0].Selectors[0] = append(p.Children[0].Selectors[0], netOf(fmt.Sprintf("10.1.%d.0/24", i))...)
		}
	}
	for _, row := range []struct{ has, answer string }{
		{"10.1.0.0/16", "{ SA Nonce TSi TSr ... }"}, {"10.1.9.0/25", "{ SA Nonce TSi TSr ... }"}, {"10.9.0.0/16", "{ N(TS_UNACCEPTABLE) }"},
	} {
		c := newTalk(t, lines("10.1.0.0/24", "10.7.0.0/24"))
		c.end("A").configure(testConfig(0, quick, lines("10.1.0.0/16", "10.7.0.0/24"), many))
		c.end("B").configure(testConfig(1, quick, lines(row.has, "10.7.0.0/24")))
		c.want(0, "line1", "10.7.0.7", "10.2.0.9")
		c.pass(4)
		c.settle()
		c.peers[0].apply(c.peers[0].Acquire(c.now, "line0", [2]spd.Selector{}))
		require.Len(t, c.offered(c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }"))[0], 255)
		c.wantSend("B", "CREATE_CHILD_SA response 2 "+row.answer)
		c.settle()
		require.Len(t, c.end("A").SAs(), 1)
		require.Equal(t, len(c.end("A").pairs), len(c.end("B").pairs))
	}
}

// "This error indicates that a CREATE_CHILD_SA request is unacceptable because its
// sender is only willing to accept Traffic Selectors specifying a single pair of
// addresses." (RFC 7296 3.10.1)
func TestOnePairOfAddresses(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/16"))
	perHost := func(p *testPolicy) { p.Children[0].PerHost = true }
	c.end("B").configure(testConfig(1, quick, lines("10.1.0.0/16"), perHost))
	c.want(0, "line0", "10.1.1.7", "10.2.0.9")
	c.pass(3)
	l := c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }")
	require.Equal(t, [2][]spd.Selector{netOf("10.1.1.7/32"), netOf("10.2.0.9/32")}, c.offered(l))
	c.settle()
	c.peers[0].apply(c.peers[0].Acquire(c.now, "line0", [2]spd.Selector{})) // for no packet in particular
	c.pass(1)
	c.wantSend("B", "CREATE_CHILD_SA response 2 { N(SINGLE_PAIR_REQUIRED) }")
	c.settle()
	c.end("A").configure(testConfig(0, quick, lines("10.1.0.0/16"), perHost))
	c.want(0, "line0", "10.1.1.8", "10.2.0.9")
	l = c.wantSend("A", "CREATE_CHILD_SA request 3 { SA Nonce TSi TSr ... }")
	require.Equal(t, [2][]spd.Selector{netOf("10.1.1.8/32"), netOf("10.2.0.9/32")}, c.offered(l))
	c.pass(1)
	c.settle()
	require.Equal(t, []string{"10.1.1.7", "10.1.1.8"}, c.carried(0))
}

// "The requestor is expected to respond by requesting an SA for only the specific
// traffic it is trying to forward." (RFC 7296 3.10.1)
func TestAskedForOnePairOfAddresses(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/24", "10.1.1.0/24"))
	c.want(0, "line0", "10.1.0.7", "10.2.0.9")
	c.pass(4)
	c.settle()
	c.want(0, "line1", "10.1.1.7", "10.2.0.9")
	c.drop(c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }"))
	b := c.end("B")
	sa := b.sorted()[0]
	answer := b.Engine.seal(sa, sa.header(wire.CREATE_CHILD_SA, 2, true), []wire.Payload{ikeNotify(wire.SINGLE_PAIR_REQUIRED, nil)})
	c.forge("A", answer[0])
	l := c.wantSend("A", "CREATE_CHILD_SA request 3 { SA Nonce TSi TSr ... }")
	require.Equal(t, [2][]spd.Selector{netOf("10.1.1.7/32"), netOf("10.2.0.9/32")}, c.offered(l))
	c.drop(l)
	answer = b.Engine.seal(sa, sa.header(wire.CREATE_CHILD_SA, 3, true), []wire.Payload{ikeNotify(wire.SINGLE_PAIR_REQUIRED, nil)})
	c.forge("A", answer[0])
	c.wantEvent("A", "tunnel down: TS unacceptable")
	require.Len(t, c.end("A").SAs(), 1, "once is enough")
}

// An entry whose selectors change keeps the pairs that still lie in them, and its
// place among the others changes nothing.
func TestEditedEntryKeepsItsPairs(t *testing.T) {
	c := newTalk(t, lines("10.1.0.0/16"))
	c.end("B").configure(testConfig(1, quick, lines("10.1.0.0/24", "10.1.1.0/24")))
	c.want(0, "line0", "10.1.0.7", "10.2.0.9")
	c.pass(4)
	c.settle()
	c.want(0, "line0", "10.1.1.7", "10.2.0.9")
	c.pass(2)
	c.settle()
	later := func(p *testPolicy) { p.Children[0].Order = 7 }
	c.end("A").configure(testConfig(0, quick, lines("10.1.0.0/16"), later))
	c.settle()
	c.look()
	c.wantIdle("it is the same traffic")
	c.end("A").configure(testConfig(0, quick, lines("10.1.1.0/24"), later))
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.pass(1)
	c.settle()
	require.Equal(t, []string{"10.1.1.0"}, c.carried(0))
	require.Equal(t, map[string]int{"line1": 1}, c.tunnels(1))
	c.end("A").apply(c.end("A").Unprotect(c.now, "line0"))
	c.wantSend("A", "INFORMATIONAL request 4 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL request 5 { D(IKE) }")
	c.pass(2)
	c.run(time.Second)
	require.Empty(t, c.end("A").SAs())
}

// An answer may be any part of the offer, in any number of pieces, and nothing else
// (RFC 7296 2.9).
func TestAnswerInPieces(t *testing.T) {
	whole, host := netOf("10.1.0.0/16"), netOf("10.1.0.7/32")
	require.True(t, within(slices.Concat(host, whole), whole))
	require.False(t, within(netOf("10.0.0.0/8"), whole))
	require.False(t, within(slices.Concat(whole, netOf("10.2.0.7/32")), whole))
}
