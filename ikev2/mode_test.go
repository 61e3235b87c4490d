package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// wants makes a policy of hosts that want transport mode, or that do not.
func wants(transport bool) func(*testPolicy) {
	return func(c *testPolicy) {
		c.Children[0].Hosts = true
		c.Children[0].Suites[0].Transport = transport
	}
}

// "The USE_TRANSPORT_MODE notification MAY be included in a request message that
// also includes an SA payload requesting a Child SA. It requests that the Child
// SA use transport mode rather than tunnel mode for the SA created. If the
// request is accepted, the response MUST also include a notification of type
// USE_TRANSPORT_MODE. If the responder declines the request, the Child SA will
// be established in tunnel mode." (RFC 7296, section 1.3.1)
func TestTransportMode(t *testing.T) {
	for _, c := range []struct {
		name             string
		a, b, transport  bool
		request, respond bool
	}{
		{"both", true, true, true, true, true}, {"the initiator", true, false, false, true, false},
		{"the responder", false, true, false, false, false}, {"nobody", false, false, false, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := newTalk(t, wants(c.a))
			talk.peers[1].configure(testConfig(1, quick, wants(c.b)))
			messages := talk.record()
			talk.acquire(0)
			talk.settle()
			talk.requireUp()
			modes := func() (asked []bool) {
				for _, m := range *messages {
					asked = append(asked, asksTransport(m))
				}
				*messages = nil
				return asked
			}
			require.Equal(t, []bool{false, false, c.request, c.respond}, modes())
			require.Equal(t, c.transport, talk.pair(0).Transport)
			require.Equal(t, c.transport, talk.pair(1).Transport)
			talk.rekeyChild(0)
			talk.settle()
			require.Equal(t, []bool{c.request, c.respond, false, false}, modes())
			require.Equal(t, c.transport, talk.pair(0).Transport)
			require.Equal(t, c.transport, talk.pair(1).Transport)
		})
	}
}

// "If the request is accepted, the response MUST also include a notification of type
// USE_TRANSPORT_MODE." (RFC 7296 1.3.1) What was asked for is agreed to, also when the
// policy has become another one meanwhile.
func TestTransportModeIsThatOfTheRequest(t *testing.T) {
	c := newTalk(t, wants(true))
	c.acquire(0)
	c.pass(2)
	request := c.hold(c.wantSend("A", "IKE_AUTH request 1 { ... N(USE_TRANSPORT_MODE) ... }"))
	c.end("A").configure(testConfig(0, quick, wants(false)))
	c.deliver(request)
	c.pass(1)
	c.settle()
	require.True(t, c.pair(0).Transport && c.pair(1).Transport)
}

// Between networks there is tunnel mode only, whatever a transform set says.
func TestTransportModeIsBetweenHosts(t *testing.T) {
	talk := newTalk(t, func(c *testPolicy) { c.Children[0].Suites[0].Transport = true })
	messages := talk.record()
	talk.acquire(0)
	talk.settle()
	for _, m := range *messages {
		require.False(t, asksTransport(m))
	}
	require.False(t, talk.pair(0).Transport)
}

// "If the responder declines the request, the Child SA will be established in tunnel
// mode. If this is unacceptable to the initiator, the initiator MUST delete the SA."
// (RFC 7296 1.3.1)
func TestTransportModeRequired(t *testing.T) {
	require0 := func(p *testPolicy) { p.Children[0].Suites[0].Require = true }
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, wants(true), require0))
	c.end("B").configure(testConfig(1, quick, wants(false)))
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 { ... N(USE_TRANSPORT_MODE) ... }")
	c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }")
	c.wantSend("A", "INFORMATIONAL request 2 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL request 3 { D(IKE) }")
	c.pass(2)
	c.settle()
	c.requireEmpty()

	c.end("A").configure(testConfig(0, quick, wants(false)))
	c.end("B").configure(testConfig(1, quick, wants(true), require0))
	c.acquire(0)
	c.pass(3)
	c.wantSend("B", "IKE_AUTH response 1 { ... IDr AUTH N(NO_PROPOSAL_CHOSEN) ... }")
	c.pass(2)
	c.settle()
	c.requireEmpty()

	c.end("A").configure(testConfig(0, quick, wants(true), require0))
	c.acquire(0)
	c.pass(4)
	c.settle()
	c.requireUp()
	require.True(t, c.pair(0).Transport)
}
