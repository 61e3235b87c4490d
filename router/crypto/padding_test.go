package crypto

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// padding are two ends, the first of which pads to n octets where a pair may be padded.
func padding(t *testing.T, n int, edit ...func(*Association)) (one, two *device) {
	one, two = twoEnds(t)
	one.settings.Pad = n
	one.entry.Set(one.now, one.settings)
	install(t, one, two, 0x100, edit...)
	one.sayTo2(1) // and is asked for addresses
	one.frames = nil
	return one, two
}

func mayPad(a *Association) { a.Padded = true }

// lengthsOf are how long the packets are that datagrams of many lengths lead to.
func lengthsOf(t *testing.T, one, two *device, sizes ...int) map[int]int {
	lengths := map[int]int{}
	for _, n := range sizes {
		before := two.got
		one.sayTo2(n)
		require.Equal(t, before+1, two.got)
		require.Equal(t, n, two.sizes[len(two.sizes)-1], "the datagram is what it was")
	}
	for _, f := range one.frames {
		lengths[len(f)]++
	}
	return lengths
}

// "An IPsec implementation SHOULD be capable of padding traffic by adding bytes after the
// end of the Payload Data, prior to the beginning of the Padding field." (RFC 4303 section
// 2.7): all packets are of one length; longer ones are as they were.
func TestPacketsArePadded(t *testing.T) {
	one, two := padding(t, 500, mayPad)
	lengths := lengthsOf(t, one, two, 0, 1, 17, 300, 472)
	require.Len(t, lengths, 1)
	one.frames = nil
	require.Len(t, lengthsOf(t, one, two, 600, 1200), 2)
}

// The longest that goes whole is where padding ends, however much is asked for; a way that
// becomes narrower makes it shorter.
func TestPaddingFitsThePath(t *testing.T) {
	one, two := padding(t, ip.MaxLen, mayPad)
	require.Equal(t, one.entry.iface.MTU, one.entry.sending[0].out.pad)
	require.Len(t, lengthsOf(t, one, two, 1, 700, one.entry.iface.MTU-28), 1)
	for _, f := range one.frames {
		require.LessOrEqual(t, len(f), ip.EthernetHeader+ip.EthernetMTU)
		require.Greater(t, len(f), ip.EthernetHeader+ip.EthernetMTU-8)
	}
	one.entry.narrow = 1300
	one.entry.Refit()
	one.frames = nil
	require.Len(t, lengthsOf(t, one, two, 1, 700), 1)
	require.LessOrEqual(t, len(one.frames[0]), ip.EthernetHeader+1300)
	require.Equal(t, one.entry.iface.MTU, one.entry.States()[0].PlaintextMTU)
}

// "the SA management protocol MUST negotiate this service prior to a transmitter employing
// it" (RFC 4303 section 2.7), and in transport mode the length is nowhere else.
func TestPaddingIsNegotiated(t *testing.T) {
	one, two := padding(t, 500)
	require.Greater(t, len(lengthsOf(t, one, two, 1, 100, 300)), 2, "not agreed")
	one, two = padding(t, 0, mayPad)
	require.Greater(t, len(lengthsOf(t, one, two, 1, 100, 300)), 2, "nobody has asked for it")
	one, _ = padding(t, 500, mayPad, func(a *Association) { a.Transport = true })
	require.Zero(t, one.entry.sending[0].out.pad)
}
