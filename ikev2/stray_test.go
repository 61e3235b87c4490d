package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// ESP packets under SPIs that we do not have: RFC 7296 1.5.

func recovering(p *testPolicy) { p.SPIRecovery = true }

// stray lets B hear of a packet under an SPI that it does not have.
func (c *talk) stray(from string, spi ipsec.SPI) {
	b := c.end("B")
	b.apply(b.Stray(c.now, 0, netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr(from), spi))
}

// "In the first case, if the receiving node has an active IKE SA to the IP address from
// whence the packet came, it MAY send an INVALID_SPI notification of the wayward packet over
// that IKE SA in an INFORMATIONAL exchange. The Notification Data contains the SPI of the
// invalid packet." (RFC 7296 1.5) The peer makes a pair in place of the one that is lost.
func TestStrayPacketUnderAnSA(t *testing.T) {
	c := upTalk(t, recovering)
	c.stray("10.0.0.1", c.pair(0).Out.SPI)
	l := c.wantSend("B", "INFORMATIONAL request 0 { N(INVALID_SPI) }")
	require.Len(t, c.end("B").message(l.Datagram).Notify(wire.INVALID_SPI).Data, 4)
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	c.wantEvent("A", "pair down: peer deleted")
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce TSi TSr ... }")
}

// A notice of an SPI that is none of the peer's changes nothing.
func TestStrayPacketOfNobody(t *testing.T) {
	c := upTalk(t, recovering)
	c.stray("10.0.0.1", 0x12345678)
	c.wantSend("B", "INFORMATIONAL request 0 { N(INVALID_SPI) }")
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	c.settle()
	c.requireUp()
	for range 100 {
		c.stray("10.0.0.1", 0x12345678)
	}
	c.wantIdle("it has been told")
	c.run(strayPause)
	c.stray("10.0.0.1", 0x12345678)
	c.wantSend("B", "INFORMATIONAL request 1 { N(INVALID_SPI) }")
}

// "If no suitable IKE SA exists" (RFC 7296 1.5): one is asked for, and its
// INITIAL_CONTACT tells the peer.
func TestStrayPacketWithoutAnSA(t *testing.T) {
	c := upTalk(t, recovering)
	lost := c.pair(0).Out.SPI
	c.restart(1, 2, recovering)
	c.stray("192.0.2.1", lost)
	c.wantIdle("strangers are told nothing")
	c.stray("10.0.0.1", lost)
	c.wantSend("B", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	c.tamper = nil
	c.run(time.Minute)
	c.requireUp()
}

// Without the command nobody is told; an unprotected notice is no order.
func TestStrayPacketWithoutRecovery(t *testing.T) {
	c := upTalk(t)
	c.stray("10.0.0.1", c.pair(0).Out.SPI)
	c.wantIdle("no")
	h := c.end("B").sorted()[0].header(wire.INFORMATIONAL, 0, false)
	c.forge("A", plain(h, &wire.Notify{Kind: wire.INVALID_SPI, Data: spiOctets(c.pair(0).Out.SPI)}))
	c.wantIdle("it is not protected")
	c.requireUp()
}

// "A node receiving a suspicious message from an IP address (and port, if NAT traversal is
// used) with which it has an IKE SA SHOULD send an IKE Notify payload in an IKE INFORMATIONAL
// exchange over that SA. The recipient MUST NOT change the state of any SAs as a result"
// (RFC 7296 2.21.4); and not for every one.
func TestSuspiciousMessage(t *testing.T) {
	c := upTalk(t, recovering)
	h := c.end("A").sorted()[0].header(wire.INFORMATIONAL, 7, false)
	h.SPIr++
	suspicious := plain(h, &wire.Delete{Protocol: wire.ProtoIKE})
	c.forge("B", suspicious)
	c.wantSend("B", "INFORMATIONAL request 0 { N(INVALID_IKE_SPI) }")
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	for range 100 {
		c.forge("B", suspicious)
	}
	c.wantIdle("it has been told")
	c.requireUp()
	c.run(strayPause)
	h.Flags |= wire.FlagResponse
	c.forge("B", plain(h))
	c.wantSend("B", "INFORMATIONAL request 1 { N(INVALID_IKE_SPI) }")
}

// From a stranger, or another port, or without the command, it is refused and no more.
func TestSuspiciousMessageOfNobody(t *testing.T) {
	for _, edit := range [][]func(*testPolicy){{recovering}, nil} {
		c := upTalk(t, edit...)
		b := c.end("B")
		h := c.end("A").sorted()[0].header(wire.INFORMATIONAL, 7, false)
		h.SPIr++
		for _, from := range []string{"192.0.2.1:500", "10.0.0.1:501", "10.0.0.1:500"} {
			if len(edit) > 0 && from == "10.0.0.1:500" {
				continue
			}
			b.apply(b.Receive(c.now, Datagram{Local: netip.MustParseAddrPort("10.0.0.2:500"), Remote: netip.MustParseAddrPort(from), Data: plain(h)}))
			c.wantEvent("B", "refused: "+ErrUnknownSPI.Error())
		}
		c.wantIdle("no")
		c.requireUp()
	}
}
