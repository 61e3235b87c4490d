package tests

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// TestADayOfEveryLab: the labs with IOS's default lifetimes, a day for an IKE
// SA and an hour for a pair, are left with one of each per tunnel as well.
func TestADayOfEveryLab(t *testing.T) {
	for lab, tunnels := range map[string]map[string]int{
		"aes-gcm-site-to-site": {"R1": 1, "R2": 1},
		"hub-and-spoke":        {"HUB": 3, "SPOKE1": 1, "SPOKE2": 1, "SPOKE3": 1},
	} {
		t.Run(lab, func(t *testing.T) {
			b := boot(t, lab, 8)
			b.do("wait 26h", "wait 1m")
			for node, n := range tunnels {
				require.Equal(t, n, strings.Count(b.do(node+": show crypto ikev2 sa"), " READY"), node)
				require.Equal(t, 2*n, strings.Count(b.do(node+": show crypto ipsec sa"), "transform: esp-"), node)
				require.Equal(t, n, strings.Count(strings.Join(b.log(node), "\n"), "on Interface Tunnel"), "%s never went down", node)
			}
		})
	}
}

// TestReloadLeavesOneSA: whichever end starts anew, and however long it is
// away, the two meet again in one IKE SA.
func TestReloadLeavesOneSA(t *testing.T) {
	for _, node := range []string{"R1", "R2"} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprint(node, " seed ", seed), func(t *testing.T) {
				b := boot(t, topologies.DefaultLab, seed)
				b.do(fmt.Sprintf("wait %ds", 10+17*seed))
				b.do(node+": reload", node+":", "wait 3m")
				require.Contains(t, b.do(node+": show version"), "Last reload reason: reload")
				b.settle("R1", "R2")
				require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
			})
		}
	}
}

// TestCutLink: after a cut, short or longer than any retransmission, there is
// one IKE SA again, and nothing went out in clear.
func TestCutLink(t *testing.T) {
	for _, cut := range []time.Duration{5 * time.Second, time.Minute, 10 * time.Minute} {
		t.Run(cut.String(), func(t *testing.T) {
			b := boot(t, topologies.DefaultLab, 3)
			wire := folder{}
			_, err := b.StartCapture(wire)
			require.NoError(t, err)
			b.do("wait 30s")
			b.Sim.Links()[0].SetUp(false)
			b.do("R1: ping 192.168.2.1 source Loopback0 timeout 1", "wait "+cut.String())
			b.Sim.Links()[0].SetUp(true)
			b.do("wait 4m")
			b.settle("R1", "R2")
			require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
			for kind := range wire.kinds(t) {
				require.Contains(t, []string{"arp", "ike", "esp"}, kind)
			}
		})
	}
}

// TestBothBegin: two routers that begin at the same time, over a link so slow
// that neither hears of the other's beginning, end with one SA (RFC 7296
// section 2.8).
func TestBothBegin(t *testing.T) {
	for seed := range uint64(30) {
		delay := time.Duration(seed%10+1) * 100 * time.Millisecond
		b := boot(t, topologies.DefaultLab, seed, impair(topologies.Impairments{Delay: delay}), shortChildren("R1"), shortChildren("R2"),
			func(t *topologies.Topology) { t.Node("R2").StartupDelay = 0 })
		b.do("wait 15m")
		b.settle("R1", "R2")
		require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0 timeout 10"), "!!!!!", "seed %d", seed)
	}
}
