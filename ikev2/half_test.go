package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// twin is a request with the SPI and from the address of another one, but with a nonce of its own.
func twin(m *wire.Message, nonce byte) []byte {
	payloads := append([]wire.Payload{}, m.Payloads...)
	for i, p := range payloads {
		if n, ok := p.(*wire.Nonce); ok {
			other := append([]byte{nonce}, n.Data[1:]...)
			payloads[i] = &wire.Nonce{Data: other}
		}
	}
	return plain(m.Header, payloads...)
}

// "It is not sufficient to use the initiator's SPI and/or IP address to differentiate between
// these three cases because two different peers behind a single NAT could choose the same
// initiator SPI. Instead, a robust responder will do the IKE SA lookup using the whole packet, its
// hash, or the Ni payload." (RFC 7296 2.1)
func TestTwoRequestsWithOneSPI(t *testing.T) {
	c := newTalk(t)
	own, m := firstRequest(t, c)
	c.forge("B", twin(m, 1))
	c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")) // to the other one
	c.deliver(own)
	first := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	require.Len(t, c.end("B").SAs(), 2)
	c.look()
	c.deliver(own) // "a retransmission belonging to an existing "half-open" IKE SA (in which case the responder retransmits the same response)"
	require.Equal(t, first.Data, c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }").Data)
	c.pass(2)
	c.settle()
	require.Len(t, c.end("A").pairs, 1)
	require.Len(t, c.end("B").pairs, 1)
	c.look()
	c.forge("B", own.Data) // "it belongs to an existing IKE SA where the IKE_AUTH request has been already received (in which case the responder ignores it)"
	c.wantEvent("B", "refused: "+ErrUnexpected.Error())
	c.wantIdle("it is known")
	c.run(AuthTimer)
	c.requireUp()
}

// A request that differs counts as any other: cookies are asked for, and the limit of what is
// half-open holds (RFC 7296 2.6).
func TestRequestsWithOneSPIAreLimited(t *testing.T) {
	c := newTalk(t, cookies)
	own, m := firstRequest(t, c)
	c.deliver(own)
	first := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	c.forge("B", twin(m, 1))
	c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }"))
	c.forge("B", own.Data)
	require.Equal(t, first.Data, c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")).Data, "it is asked for nothing more")

	c = newTalk(t, func(p *testPolicy) { p.MaxNegotiating = 10 })
	_, m = firstRequest(t, c)
	for n := range 200 {
		c.forge("B", twin(m, byte(n)))
	}
	require.Equal(t, 10, c.end("B").Stats().Incoming.Negotiating)
	require.LessOrEqual(t, c.end("B").halves.Len(), 10)
}

// At the limit whoever comes is turned away as long as those before may still be answered. Then the
// oldest yields, so that those that never go on keep nobody out: "Two expected attacks against IKE
// are state and CPU exhaustion, where the target is flooded with session initiation requests from
// forged IP addresses." (RFC 7296 2.6)
func TestOldestYieldsToNewcomer(t *testing.T) {
	c := newTalk(t, func(p *testPolicy) { p.MaxNegotiating = 2 })
	own, m := firstRequest(t, c)
	c.forge("B", twin(m, 1))
	c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	c.run(yieldsAfter / 2)
	c.forge("B", twin(m, 2))
	c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	c.look()
	c.forge("B", own.Data)
	c.wantEvent("B", "refused: "+ErrLimit.Error())
	require.EqualValues(t, 1, c.end("B").Stats().InRejected)
	require.Len(t, c.end("B").SAs(), 2)

	c.run(yieldsAfter / 2)
	c.forge("B", own.Data)
	c.deliver(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	require.Len(t, c.end("B").SAs(), 2, "the first one has gone")
	c.pass(2)
	c.run(AuthTimer) // of the other one
	c.requireUp()
}
