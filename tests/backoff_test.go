package tests

import (
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/netsim"
	"ikelab/topologies"
)

// attempt is one IKE SA that a router asks for: when each copy of its first
// message was sent.
type attempt struct {
	spi  uint64
	sent []time.Time
}

// attempts lists the IKE_SA_INIT requests that an address sent.
func attempts(t *testing.T, f folder, from string) (list []attempt) {
	t.Helper()
	f.each(t, func(p gopacket.Packet, at time.Time) {
		if kindOf(p) != "ike" || p.NetworkLayer().(*layers.IPv4).SrcIP.String() != from {
			return
		}
		h, err := wire.ParseHeader(p.Layer(layers.LayerTypeUDP).LayerPayload())
		require.NoError(t, err)
		if h.Exchange != wire.IKE_SA_INIT || h.Flags&wire.FlagResponse != 0 {
			return
		}
		if len(list) == 0 || list[len(list)-1].spi != h.SPIi {
			list = append(list, attempt{spi: h.SPIi})
		}
		last := &list[len(list)-1]
		last.sent = append(last.sent, at)
	})
	return list
}

// TestSilentPeer: a peer that never answers is asked ever less often, given up,
// and asked anew ever less often; when it answers, the tunnel comes up.
func TestSilentPeer(t *testing.T) {
	b := boot(t, topologies.DefaultLab, 9)
	require.Contains(t, b.do("wait 1s", "R1: ping 10.0.0.2"), "!!!!", "R1 knows R2's MAC address")
	silent := b.Sim.Port("R2:Ethernet0/0")
	require.NoError(t, silent.SetImpairments(netsim.Impairments{Loss: 1}))
	w := folder{}
	c, err := b.StartCapture(w)
	require.NoError(t, err)
	b.do("wait 20m")
	require.NoError(t, c.Stop())

	list := attempts(t, w, "10.0.0.1")
	require.GreaterOrEqual(t, len(list), 5)
	require.LessOrEqual(t, len(list), 12)
	var pause time.Duration
	for i, a := range list {
		if i < len(list)-1 { // the last may not have ended yet
			require.Len(t, a.sent, 6, "attempt %d", i)
			next := list[i+1].sent[0].Sub(a.sent[0])
			require.GreaterOrEqual(t, next, pause, "after attempt %d", i)
			pause = next
		}
		for k := 2; k < len(a.sent); k++ {
			require.Equal(t, 2*a.sent[k-1].Sub(a.sent[k-2]), a.sent[k].Sub(a.sent[k-1]), "attempt %d, copy %d", i, k)
		}
	}
	require.Greater(t, pause, 2*list[1].sent[0].Sub(list[0].sent[0])-time.Second, "it has at least doubled")

	require.NoError(t, silent.SetImpairments(netsim.Impairments{}))
	b.do("wait 4m")
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
	b.settle("R1", "R2")
}
