package ikev2

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Answers that an initiator does not take: the peer holds the pair that it has
// answered for, and is told. "To delete an SA, an INFORMATIONAL exchange with one
// or more Delete payloads is sent listing the SPIs (as they would be expected in
// the headers of inbound packets) of the SAs to be deleted." (RFC 7296 1.4.1)

// narrow is an end that protects part of what its peer does.
func narrow(p *testPolicy) {
	part := spd.Selector{EndPort: 65535, Start: netip.MustParseAddr("192.168.1.0"), End: netip.MustParseAddr("192.168.1.255")}
	p.Children[0].Selectors[0] = []spd.Selector{part}
}

// widened is an answer with more than was asked for: "The responder performs the
// narrowing" (RFC 7296 2.9), and nothing else.
func (c *talk) widened(l *letter) []byte {
	m := c.peers[l.from].message(l.Datagram)
	payloads := slices.Clone(m.Payloads)
	for i, p := range payloads {
		if ts, is := p.(*wire.TS); is && ts.Initiator {
			payloads[i] = toWire(true, testConfig(0).Children[0].Selectors[0])
		}
	}
	return sealedResponse(c.peers[l.from], m.Exchange, m.MessageID, payloads...)
}

func TestRefusedAnswerInAuth(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, narrow))
	c.acquire(0)
	c.pass(3)
	c.forge("A", c.widened(c.hold(c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }"))))
	c.wantSend("A", "INFORMATIONAL request 2 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL request 3 { D(IKE) }")
	c.wantSend("B", "INFORMATIONAL response 2 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 3 { }")
	c.settle()
	c.requireEmpty()
}

// The pair that was to be rekeyed serves on, at both ends.
func TestRefusedAnswerToARekey(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, narrow))
	c.establish()
	before := c.pair(0).In.SPI
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }")
	c.forge("A", c.widened(c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }"))))
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.settle()
	c.requireUp()
	require.Equal(t, before, c.pair(0).In.SPI)
	c.advanceToDeadline("A")
	c.wantSend("A", "CREATE_CHILD_SA request 4 { N(REKEY_SA) ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 4 { SA Nonce TSi TSr ... }")
	c.pass(2)
	c.settle()
	c.requireUp()
}

// It is the peer's to rekey, too: what has taken its place there has gone again.
func TestRefusedAnswerLeavesThePeerItsPair(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, narrow))
	c.establish()
	c.rekeyChild(0)
	c.pass(1)
	answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }"))
	c.settle() // B has changed over
	c.forge("A", c.widened(answer))
	c.pass(2)
	c.settle()
	c.rekeyChild(1)
	c.wantSend("B", "CREATE_CHILD_SA request 0 { N(REKEY_SA) ... }")
}

// A new pair that is not taken leaves the IKE SA alone.
func TestRefusedAnswerToANewPair(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, narrow))
	c.establish()
	c.clearChild(0)
	c.pass(2)
	c.settle()
	c.acquire(0)
	c.wantSend("A", "CREATE_CHILD_SA request 3 { SA ... }")
	c.forge("A", c.widened(c.hold(c.wantSend("B", "CREATE_CHILD_SA response 3 { SA Nonce TSi TSr ... }"))))
	c.wantSend("A", "INFORMATIONAL request 4 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 4 { D(ESP SPI) }")
	c.settle()
	require.Empty(t, c.end("B").pairs)
	require.Len(t, c.end("A").SAs(), 1)
	require.Len(t, c.end("B").SAs(), 1)
}
