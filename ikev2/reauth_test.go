package ikev2

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

func childlessEnd(p *testPolicy) { p.Childless = true }

// A responder says in IKE_SA_INIT that it takes an IKE_AUTH without SA, TSi and TSr
// (RFC 6023 3). The first pair is made by CREATE_CHILD_SA then, with a key exchange of
// its own.
func TestChildless(t *testing.T) {
	c := newTalk(t, childlessEnd, func(p *testPolicy) { p.Children[0].PFS = 19 })
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 ...")
	c.wantSend("B", "IKE_SA_INIT response 0 { ... N(CHILDLESS_IKEV2_SUPPORTED) }")
	l := c.wantSend("A", "IKE_AUTH request 1 { ... IDi AUTH ... }")
	_, offers := wire.Get[*wire.SA](c.end("A").message(l.Datagram))
	require.False(t, offers)
	c.wantSend("B", "IKE_AUTH response 1 { ... IDr AUTH N(SET_WINDOW_SIZE) }")
	c.wantEvent("B", "IKE SA up")
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce KE TSi TSr ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce KE TSi TSr ... }")
	c.settle()
	c.requireUp()
	require.EqualValues(t, 19, c.pair(0).PFS)
}

// A responder that does not say so is asked for the first pair in IKE_AUTH, and so is
// one by an initiator that does not want to do without (RFC 6023 3).
func TestChildlessNeedsBoth(t *testing.T) {
	for _, only := range []string{"A", "B"} {
		c := newTalk(t)
		c.end(only).configure(testConfig(c.end(only).index, quick, childlessEnd))
		c.acquire(0)
		c.pass(2)
		c.wantSend("A", "IKE_AUTH request 1 { ... SA TSi TSr ... }")
		c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }")
		c.settle()
		c.requireUp()
	}
}

// A request without a child to a responder that has not offered that lacks what it
// needs.
func TestChildlessUnasked(t *testing.T) {
	c := newTalk(t, childlessEnd)
	c.acquire(0)
	c.pass(2)
	c.end("B").configure(testConfig(1, quick))
	c.wantSend("A", "IKE_AUTH request 1 { ... IDi AUTH ... }")
	c.wantSend("B", "IKE_AUTH response 1 { N(INVALID_SYNTAX) }")
	c.settle()
	c.requireEmpty()
}

func reauthenticating(p *testPolicy) {
	p.Profiles[0].Lifetime, p.Profiles[0].Reauthenticate = 2*time.Minute, true
}

// "Reauthentication is done by creating a new IKE SA from scratch (using
// IKE_SA_INIT/IKE_AUTH exchanges, without any REKEY_SA Notify payloads), creating new
// Child SAs within the new IKE SA (without REKEY_SA Notify payloads), and finally
// deleting the old IKE SA (which deletes the old Child SAs as well)." (RFC 7296 2.8.3)
func TestReauthentication(t *testing.T) {
	c := upTalk(t, reauthenticating)
	before := c.end("A").SAs()[0].SPIi
	c.advanceToDeadline("A")
	c.wantSend("A", "IKE_SA_INIT request 0 ...")
	c.wantSend("B", "IKE_SA_INIT response 0 ...")
	l := c.wantSend("A", "IKE_AUTH request 1 { ... SA TSi TSr ... }")
	require.Nil(t, c.end("A").message(l.Datagram).Notify(wire.INITIAL_CONTACT), "the peer keeps the old one until it is told")
	c.wantSend("B", "IKE_AUTH response 1 { ... SA TSi TSr ... }")
	c.run(2 * time.Millisecond)
	c.wantEvent("A", "pair up")
	require.Len(t, c.end("A").pairs, 2, "make before break")
	for { // a liveness check of the old one may cross
		if l := c.next(); l.text == "INFORMATIONAL request 2 { D(ESP SPI) }" {
			c.deliver(l)
			break
		} else {
			c.deliver(l)
		}
	}
	c.tamper = nil
	for _, l := range c.sent {
		c.deliver(l)
	}
	c.settle()
	c.requireUp()
	require.NotEqual(t, before, c.end("A").SAs()[0].SPIi)
	for i := range c.peers {
		require.Equal(t, EntryIsUp, c.peers[i].EntryState(entryName))
		require.NotContains(t, c.peers[i].words(), "tunnel down", "%s never was without a pair", endNames[i])
	}
}

// One that comes to nothing leaves the old SA as it is, and is begun again.
func TestReauthenticationRefused(t *testing.T) {
	c := upTalk(t, reauthenticating)
	c.end("B").configure(testConfig(1, quick, reauthenticating, func(p *testPolicy) { p.Keyrings[0].Peers[0].Remote = []byte("other") }))
	c.advanceToDeadline("A")
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 ...")
	c.wantSend("B", "IKE_AUTH response 1 { N(AUTHENTICATION_FAILED) }")
	c.settle()
	c.requireUp()
	c.end("B").configure(testConfig(1, quick, reauthenticating))
	c.tamper = nil
	c.run(10 * time.Second)
	c.requireUp()
}

// All pairs of the old SA are made anew before it goes, several entries' too.
func TestReauthenticationOfTwoTunnels(t *testing.T) {
	c := upTalk(t, reauthenticating, twoTunnels)
	c.peers[0].apply(c.peers[0].Acquire(c.now, "Tunnel1", noPacket))
	c.tamper = nil
	for _, l := range c.sent {
		c.deliver(l)
	}
	c.settle()
	require.Len(t, c.end("B").pairs, 2)
	before := c.end("A").SAs()[0].SPIi
	c.run(75 * time.Second)
	for i := range c.peers {
		require.Len(t, c.peers[i].SAs(), 1)
		require.NotEqual(t, before, c.peers[i].SAs()[0].SPIi)
		require.Len(t, c.peers[i].pairs, 2)
		require.Empty(t, c.peers[i].rest())
		require.NotContains(t, c.peers[i].words(), "tunnel down", "%s never was without a pair", endNames[i])
	}
}

// words are what has happened at an end.
func (p *end) words() (list []string) {
	for _, ev := range p.events {
		list = append(list, inWords(ev))
	}
	return list
}

// TEMPORARY_FAILURE for several minutes: the ends are out of sync, and the IKE SA is
// closed (RFC 7296 2.25).
func TestTemporaryFailureForMinutes(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	for began := c.now; c.now.Sub(began) < busyTime; {
		l := c.next()
		require.True(t, reads(l.text, "CREATE_CHILD_SA request ... { N(REKEY_SA) ... }"), l.text)
		c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, l.header(t).MessageID, ikeNotify(wire.TEMPORARY_FAILURE, nil)))
		c.look()
		if len(c.sent) == 0 {
			c.advanceToDeadline("A")
		}
	}
	c.tamper = nil
	for _, l := range c.sent {
		c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, l.header(t).MessageID, ikeNotify(wire.TEMPORARY_FAILURE, nil)))
	}
	require.Equal(t, StatusDelete, c.end("A").SAs()[0].Status)
	require.Empty(t, c.end("A").pairs)
}

// An initiator that receives a packet on a pair before the answer to its
// CREATE_CHILD_SA takes the answer for lost, and sends the request again (RFC 7296
// 2.8). Once: whoever may have sent the packet.
func TestPacketBeforeTheAnswer(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(1)
	first := c.wantSend("B", "CREATE_CHILD_SA request 0 { N(REKEY_SA) ... }")
	c.drop(c.wantSend("A", "CREATE_CHILD_SA response 0 ..."))
	spi := ipsec.SPI(0)
	for _, p := range c.end("A").pairs {
		if p.Replaces != 0 {
			spi = p.Out.SPI
		}
	}
	c.stray("10.0.0.1", spi)
	again := c.wantSend("B", first.text)
	require.Equal(t, first.Data, again.Data)
	c.stray("10.0.0.1", spi)
	require.Empty(t, c.sent)
	c.wantSend("A", "CREATE_CHILD_SA response 0 ...")
	c.pass(2)
	c.settle()
	c.requireUp()
}
