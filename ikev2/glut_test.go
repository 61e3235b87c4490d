package ikev2

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// A peer that goes on and on: RFC 7383 5.

// glut sends an end more of one message than any message has, in fragments under the
// other's keys; the first is missing.
func (c *talk) glut(from, to string, exchange wire.ExchangeType, id uint32) {
	long := &wire.VendorID{Data: make([]byte, 65000)}
	list := fragmentsBy(c.end(from), exchange, id, 1400, long, long)
	require.Less(c.t, len(list), 255)
	for _, f := range list[1:51] {
		c.forge(to, f)
	}
}

// "If the peer sends so many fragments that the above condition is not met, the receiver can
// consider this situation to be either an attack or a broken sender implementation. In
// either case, the receiver SHOULD drop the connection and discard all the received
// fragments." (RFC 7383 5)
func TestGlutOfFragments(t *testing.T) {
	c := upFragmented(t, 576)
	c.glut("A", "B", wire.INFORMATIONAL, 2)
	require.Zero(t, c.end("B").sorted()[0].fragments.octets())
	c.wantSend("B", "INFORMATIONAL request 0 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL request 1 { D(IKE) }")
	c.tamper = nil
	c.run(time.Minute)
	require.Empty(t, events[AddChild](c.end("B"))[1:], "and asks for no other by itself")
}

// One that has not proved who it is yet is forgotten without a word.
func TestGlutBeforeAUTH(t *testing.T) {
	c := untilAuth(t, 576)
	c.wantFragments("A", authRequest) // held back
	c.glut("A", "B", wire.IKE_AUTH, 1)
	require.Empty(t, c.end("B").sorted())
	require.Empty(t, c.sent)
}

// Many messages that are not whole are refused beyond the room of an address, and whose
// fragments nobody vouches for ends nothing.
func TestGlutOfOthers(t *testing.T) {
	c := upFragmented(t, 576)
	long := &wire.VendorID{Data: make([]byte, 65000)}
	for _, f := range fragmentsBy(c.end("A"), wire.INFORMATIONAL, 2, 1400, long, long)[1:] {
		f[len(f)-1] ^= 1
		c.forge("B", f)
	}
	require.Empty(t, c.sent)
	c.requireUp()
}
