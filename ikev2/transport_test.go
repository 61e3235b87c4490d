package ikev2

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// How messages get across: RFC 7296, sections 2.1 to 2.4.

// "IKE is a reliable protocol: the initiator MUST retransmit a request until it
// either receives a corresponding response or deems the IKE SA to have failed."
// (RFC 7296 2.1)
func TestRetransmission(t *testing.T) {
	for name, begin := range map[string]func(t *testing.T) *talk{
		"IKE_SA_INIT":     func(t *testing.T) *talk { c := newTalk(t); c.acquire(0); return c },
		"IKE_AUTH":        func(t *testing.T) *talk { c := newTalk(t); c.acquire(0); c.pass(2); return c },
		"CREATE_CHILD_SA": func(t *testing.T) *talk { c := upTalk(t); c.rekeyChild(0); return c },
		"INFORMATIONAL":   func(t *testing.T) *talk { c := upTalk(t); c.clearChild(0); return c },
	} {
		t.Run(name, func(t *testing.T) {
			c := begin(t)
			first := c.wantSend("A", name+" request ...")
			c.drop(first)
			// "To be a good network citizen, retransmission times MUST increase
			// exponentially to avoid flooding the network and making an existing
			// congestion situation worse." (RFC 7296 2.4)
			for _, wait := range []time.Duration{2, 4, 8, 16, 32} {
				require.Equal(t, wait*time.Second, c.advanceToDeadline("A"))
				again := c.wantSend("A", first.text)
				// "A retransmission from the initiator MUST be bitwise identical
				// to the original request." (RFC 7296 2.1)
				require.Equal(t, first.Data, again.Data)
				c.drop(again)
			}
			require.Equal(t, 32*time.Second, c.advanceToDeadline("A"))
			c.look()
			c.wantIdle("the peer counts as gone")
			require.Empty(t, c.end("A").SAs())
			require.Empty(t, c.end("A").pairs)
		})
	}
}

// "For every pair of IKE messages, the initiator is responsible for
// retransmission in the event of a timeout. The responder MUST never retransmit
// a response unless it receives a retransmission of the request." (RFC 7296 2.1)
func TestLostResponse(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	request := c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }")
	response := c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }")
	c.drop(response)
	c.settle()
	c.look()
	c.wantIdle("the responder does not repeat by itself")
	c.advanceToDeadline("A")
	require.Equal(t, request.Data, c.wantSend("A", request.text).Data)
	// "In that event, the responder MUST ignore the retransmitted request except
	// insofar as it causes a retransmission of the response." (RFC 7296 2.1)
	require.Equal(t, response.Data, c.wantSend("B", response.text).Data)
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.settle()
	c.requireUp()
}

// "If the responder receives a retransmitted request for which it has already
// forgotten the response, it MUST ignore the request (and not, for example,
// attempt constructing a new response)." (RFC 7296 2.1)
func TestForgottenResponse(t *testing.T) {
	c := upTalk(t)
	var first []byte
	for id := uint32(2); id < 12; id++ {
		request := sealed(c.end("A"), wire.INFORMATIONAL, id)
		if first == nil {
			first = request
		}
		c.forge("B", request)
		c.wantSend("B", "INFORMATIONAL response ...")
	}
	c.settle()
	c.forge("B", first)
	c.wantIdle("request 2 is ten requests ago, the window is five")
}

// A response that comes twice, late or unasked changes nothing.
func TestResponseTwice(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.pass(1)
	response := c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }")
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.deliver(response)
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.settle()
	c.look()
	c.deliver(response)
	c.wantIdle("a response is never answered")
	c.requireUp()
}

// So does one to IKE_SA_INIT, which anybody can send again.
func TestFirstResponseAgain(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(1)
	first := c.wantSend("B", "IKE_SA_INIT response 0 ...")
	c.wantSend("A", authRequest)
	c.forge("A", first.Data)
	c.wantSend("B", authResponse)
	c.settle()
	c.look()
	c.forge("A", first.Data)
	c.wantIdle("the SA is up")
	c.requireUp()
}

// "The Message ID is a 32-bit quantity, which is zero for the IKE_SA_INIT
// messages (including retries of the message due to responses such as COOKIE
// and INVALID_KE_PAYLOAD), and incremented for each subsequent exchange."
// (RFC 7296 2.2)
func TestMessageIDs(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 ...")
	c.wantSend("B", "IKE_SA_INIT response 0 ...")
	c.wantSend("A", "IKE_AUTH request 1 ...")
	c.wantSend("B", "IKE_AUTH response 1 ...")
	c.settle()
	for id := range 3 {
		// Each end counts its own requests: those of B begin with 0.
		c.rekeyChild(1)
		c.wantSend("B", "CREATE_CHILD_SA request "+string(rune('0'+2*id))+" ...")
		c.pass(3)
		c.settle()
	}
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 2 ...")
	c.wantSend("B", "CREATE_CHILD_SA response 2 ...")
}

// "This Notify message MUST NOT be sent in a response; the invalid request MUST
// NOT be acknowledged." (RFC 7296 2.3, of a message id outside the window)
func TestMessageIDOutsideTheWindow(t *testing.T) {
	c := upTalk(t)
	for _, id := range []uint32{7, 100, 1 << 31, 1<<32 - 1} {
		c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, id, &wire.Delete{Protocol: wire.ProtoIKE}))
	}
	c.wantIdle("ids 2 to 6 are expected")
	c.requireUp()
	c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 6))
	c.wantSend("B", "INFORMATIONAL response 6 { }")
}

// "An IKE endpoint supporting a window size greater than one ought to be capable
// of processing incoming requests out of order to maximize performance in the
// event of network failures or packet reordering." (RFC 7296 2.3)
func TestRequestsOutOfOrder(t *testing.T) {
	c := upTalk(t)
	for _, id := range []string{"4", "2", "6", "3", "5"} {
		c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, uint32(id[0]-'0')))
		c.wantSend("B", "INFORMATIONAL response "+id+" { }")
	}
}

// "An IKE endpoint MUST wait for a response to each of its messages before
// sending a subsequent message unless it has received a SET_WINDOW_SIZE Notify
// message from its peer informing it that the peer is prepared to maintain state
// for multiple outstanding messages." (RFC 7296 2.3)
func TestWindowOfOne(t *testing.T) {
	c := upTalk(t, func(p *testPolicy) { p.Window = 1 })
	c.rekeyChild(0)
	rekey := c.hold(c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }"))
	c.clearIKE(0)
	c.run(patience)
	require.Empty(t, c.sent, "the Delete waits for the window")
	// "An IKE endpoint MUST be prepared to accept and process a request while it
	// has a request outstanding in order to avoid a deadlock in this situation."
	// (RFC 7296 2.3)
	c.forge("A", sealed(c.end("B"), wire.INFORMATIONAL, 0))
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	c.deliver(rekey)
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }")
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL request 4 { D(IKE) }")
	c.wantSend("B", "INFORMATIONAL response 4 { }")
	c.settle()
	c.requireEmpty()
}

// "If no cryptographically protected messages have been received on an IKE SA or
// any of its Child SAs recently, the system needs to perform a liveness check in
// order to prevent sending messages to a dead peer." (RFC 7296 2.4)
func TestLiveness(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, func(p *testPolicy) { p.DPD = DPD{Interval: 10 * time.Second, Retry: 2 * time.Second} }))
	c.establish()
	c.advanceToDeadline("A")
	probe := c.wantSend("A", "INFORMATIONAL request 2 { }")
	c.drop(probe)
	for range 5 {
		require.Equal(t, 2*time.Second, c.advanceToDeadline("A").Round(time.Second))
		require.Equal(t, probe.Data, c.next().Data)
	}
	// "An endpoint MUST conclude that the other endpoint has failed only when
	// repeated attempts to contact it have gone unanswered for a timeout period"
	// (RFC 7296 2.4)
	require.Len(t, c.end("A").SAs(), 1)
	c.advanceToDeadline("A")
	c.wantEvent("A", "IKE SA down: timeout")
}

// "An endpoint MUST NOT conclude that the other endpoint has failed based on any
// routing information (e.g., ICMP messages) or IKE messages that arrive without
// cryptographic protection (e.g., Notify messages complaining about unknown
// SPIs)." (RFC 7296 2.4)
func TestUnprotectedMessagesAreNotBelieved(t *testing.T) {
	c := upTalk(t)
	live := c.end("B").SAs()[0]
	for _, exchange := range []wire.ExchangeType{wire.IKE_SA_INIT, wire.IKE_AUTH, wire.CREATE_CHILD_SA, wire.INFORMATIONAL} {
		for _, flags := range []wire.Flags{wire.FlagInitiator, wire.FlagInitiator | wire.FlagResponse} {
			for id := range uint32(4) {
				h := wire.Header{SPIi: live.SPIi, SPIr: live.SPIr, Exchange: exchange, Flags: flags, MessageID: id}
				c.forge("B", plain(h, &wire.Delete{Protocol: wire.ProtoIKE}))
				c.forge("B", plain(h, ikeNotify(wire.INVALID_IKE_SPI, nil)))
				c.forge("B", plain(h, ikeNotify(wire.AUTHENTICATION_FAILED, nil)))
				c.forge("B", plain(h, ikeNotify(wire.INITIAL_CONTACT, nil)))
			}
		}
	}
	c.wantIdle("nothing unprotected counts")
	c.requireUp()
}

// "The INITIAL_CONTACT notification asserts that this IKE SA is the only IKE SA
// currently active between the authenticated identities. It MAY be sent when an
// IKE SA is established after a crash, and the recipient MAY use this
// information to delete any other IKE SAs it has to the same authenticated
// identity without waiting for a timeout." (RFC 7296 2.4)
func TestPeerCameBack(t *testing.T) {
	c := upTalk(t)
	c.restart(0, 2)
	c.acquire(0)
	// "The INITIAL_CONTACT notification, if sent, MUST be in the first IKE_AUTH
	// request or response, not as a separate exchange afterwards; receiving
	// parties MAY ignore it in other messages." (RFC 7296 2.4)
	c.wantSend("A", "IKE_SA_INIT request 0 ...")
	c.wantSend("B", "IKE_SA_INIT response 0 ...")
	require.Len(t, c.end("B").pairs, 1, "nothing is believed before IKE_AUTH")
	c.wantSend("A", "IKE_AUTH request 1 { ... N(INITIAL_CONTACT) ... }")
	c.wantSend("B", "IKE_AUTH response 1 { ... AUTH SA ... }")
	c.wantEvent("B", "pair down: initial contact")
	c.settle()
	c.requireUp()
}

// "If IKE presumes the partner is dead, based on repeated lack of acknowledgement
// to an IKE message, then the IKE SA and all Child SAs set up through that IKE SA
// are deleted." (RFC 7296 2.4) The peer, which was only slow, holds one all the
// same, and learns from the next that it is none: INITIAL_CONTACT.
func TestPeerWasOnlySlow(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(3)
	c.drop(c.wantSend("B", "IKE_AUTH response 1 { ... AUTH SA ... }"))
	post := c.tamper
	c.tamper = func(int, Datagram) []Datagram { return nil }
	c.run(2 * time.Minute)
	c.wantEvent("A", "tunnel down: timeout")
	require.Empty(t, c.end("A").SAs())
	require.Len(t, c.end("B").pairs, 1)
	c.tamper = post
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 { ... N(INITIAL_CONTACT) ... }")
	c.wantSend("B", "IKE_AUTH response 1 { ... AUTH SA ... }")
	c.wantEvent("B", "pair down: initial contact")
	c.settle()
	c.requireUp()
}

// A peer that has forgotten everything and does not say so: the SA that it makes
// anew is kept whatever its nonces, and the one that nobody answers on ends by its
// liveness check, RFC 7296 2.4: "An endpoint MUST conclude that the other endpoint
// has failed only when repeated attempts to contact it have gone unanswered for a
// timeout period".
func TestPeerCameBackAndSaysNothing(t *testing.T) {
	for seed := range uint64(8) {
		c := upTalk(t)
		dead := c.end("B").SAs()[0].SPIi
		c.restart(0, 2+seed)
		c.acquire(0)
		c.pass(2)
		said := c.hold(c.wantSend("A", "IKE_AUTH request 1 { ... N(INITIAL_CONTACT) ... }"))
		payloads := slices.DeleteFunc(slices.Clone(c.end("A").message(said.Datagram).Payloads), func(p wire.Payload) bool {
			n, is := p.(*wire.Notify)
			return is && n.Kind == wire.INITIAL_CONTACT
		})
		c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 1, payloads...))
		c.tamper = nil
		for _, l := range c.sent {
			c.deliver(l)
		}
		c.settle()
		live := c.end("A").SAs()[0].SPIi
		ended := time.Duration(0)
		for range 300 {
			c.run(time.Second)
			var held []uint64
			for _, sa := range c.end("B").SAs() {
				held = append(held, sa.SPIi)
			}
			require.Contains(t, held, live, "seed %d: the live one is never given up", seed)
			require.Contains(t, c.end("B").pairs, c.pair(0).Out.SPI, "nor its pair")
			if ended += time.Second; !slices.Contains(held, dead) {
				break
			}
		}
		require.Less(t, ended, 4*time.Minute)
		c.run(5 * time.Minute)
		c.requireUp()
		require.Equal(t, live, c.end("A").SAs()[0].SPIi)
	}
}
