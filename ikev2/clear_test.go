package ikev2

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What is cleared, or used, while it is being rekeyed: RFC 7296, sections 2.8 and 2.25.

// "If a peer receives a request to rekey a Child SA that it is currently trying to close,
// it SHOULD reply with TEMPORARY_FAILURE." (RFC 7296 2.25.1) So does one that begins to
// close it while it serves such a request: here it is computing the keys.
func TestClearedWhileThePeersRekeyIsServed(t *testing.T) {
	c := upTalk(t, func(p *testPolicy) { p.Children[0].PFS = 19 })
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }")
	c.run(time.Millisecond)
	require.Empty(t, c.sent, "B computes")
	c.clearChild(1)
	c.wantSend("B", "CREATE_CHILD_SA response 2 { N(TEMPORARY_FAILURE) }")
	c.wantSend("B", "INFORMATIONAL request 0 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL response 0 { D(ESP SPI) }")
	c.settle()
	require.Empty(t, c.end("A").pairs)
	require.Empty(t, c.end("B").pairs)
}

// A pair that is cleared while the own rekey of it is on the wire goes when that has
// ended, and takes along what was made of it: "the Delete payload" of a pair and a rekey of it
// must not overtake each other (RFC 7296 2.25.1).
func TestClearedDuringTheOwnRekey(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.pass(1)
	answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }"))
	c.clearChild(0)
	c.run(patience)
	require.Empty(t, c.sent, "the Delete waits for the answer")
	c.deliver(answer)
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL request 4 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 4 { D(ESP SPI) }")
	c.settle()
	require.Empty(t, c.end("A").pairs)
	require.Empty(t, c.end("B").pairs)
	require.Len(t, c.end("A").SAs(), 1)
}

// crossing has both ends rekey the IKE SA; A has answered B, what B has answered A is on
// its way.
func crossing(t *testing.T) (c *talk, answer *letter) {
	c = upTalk(t)
	c.rekeyIKE(0)
	c.rekeyIKE(1)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce KE ... }")
	c.wantSend("B", "CREATE_CHILD_SA request 0 { SA Nonce KE ... }")
	for range 2 {
		l := c.next()
		if c.deliver(l); l.from == 1 {
			answer = c.hold(l)
		}
	}
	c.settle()
	require.NotNil(t, answer)
	return c, answer
}

// An IKE SA that is closed between two rekeys that cross takes both successors along:
// "forget about its own rekeying request" (RFC 7296 2.25.2).
func TestClosedBetweenTwoRekeys(t *testing.T) {
	c, answer := crossing(t)
	ending := c.hold(c.wantSend("B", "INFORMATIONAL request 1 { D(IKE) }"))
	a := c.end("A")
	a.begin(c.now)
	a.closeSA(a.sorted()[0], ReasonExpired) // the old one alone
	a.apply(a.Engine.end())
	c.wantSend("A", "INFORMATIONAL request 0 { D(IKE) }") // under what B has made
	c.wantSend("B", "INFORMATIONAL response 0 { }")
	c.tamper = nil
	c.deliver(ending)
	c.deliver(answer)
	c.run(5 * time.Minute)
	c.requireEmpty()
}

// A peer that goes on under the IKE SA that its rekey has made has settled the matter,
// although our own request has no answer yet: what it deletes there has moved there
// (RFC 7296 2.8: "the new IKE SA inherits all of the original IKE SA's Child SAs").
func TestPeerUsesWhatItHasMade(t *testing.T) {
	c := upTalk(t)
	c.rekeyIKE(0)
	c.drop(c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce KE ... }"))
	c.rekeyIKE(1)
	c.wantSend("B", "CREATE_CHILD_SA request 0 { SA Nonce KE ... }")
	c.wantSend("A", "CREATE_CHILD_SA response 0 { SA Nonce KE ... }")
	c.hold(c.wantSend("B", "INFORMATIONAL request 1 { D(IKE) }"))
	c.clearChild(1)
	c.wantSend("B", "INFORMATIONAL request 0 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL response 0 { D(ESP SPI) }")
	c.settle()
	require.Empty(t, c.end("A").pairs)
	require.Empty(t, c.end("B").pairs)
}
