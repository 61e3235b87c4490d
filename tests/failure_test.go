package tests

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// failures are ways in which two routers do not come together, what their
// consoles say, and what mends it.
var failures = []struct {
	name string
	edit func(*topologies.Topology)
	says map[string][]string // by router
	mend []string            // configuration of R2
}{
	{
		"wrong key", edit("R2", "pre-shared-key remote cisco", "pre-shared-key remote other"),
		map[string][]string{
			"R1": {"NOTIFY(AUTHENTICATION_FAILED)", "Auth exchange failed", "CurState: EXIT Event: EV_ABORT", "Abort exchange", "Deleting SA"},
			"R2": {"CurState: R_VERIFY_AUTH Event: EV_AUTH_FAIL", "Verification of peer's authentication data FAILED", "Event: EV_CHK_PENDING_ABORT"},
		},
		[]string{"crypto ikev2 keyring KEYRNG", "peer peer2", "pre-shared-key remote cisco"},
	},
	{
		"no key for the peer", edit("R2", "address 10.0.0.1 255.255.255.0", "address 10.9.0.1 255.255.255.255"),
		map[string][]string{"R2": {"Auth exchange failed"}, "R1": {"NOTIFY(AUTHENTICATION_FAILED)"}},
		[]string{"crypto ikev2 keyring KEYRNG", "peer peer2", "address 10.0.0.1"},
	},
	{
		"wrong proposal", func(t *topologies.Topology) {
			t.Node("R2").Config += "crypto ikev2 proposal OTHER\n encryption aes-cbc-256\n integrity sha512\n group 20\n" +
				"crypto ikev2 policy OTHER\n proposal OTHER\n"
		},
		map[string][]string{
			"R2": {"Failed to find a matching policy", "Expected Policies", "Received Policies"},
			"R1": {"NOTIFY(NO_PROPOSAL_CHOSEN)", "Failed SA init exchange"},
		},
		[]string{"no crypto ikev2 policy OTHER"},
	},
	{
		"wrong transform set", edit("R2", "esp-3des esp-sha-hmac", "esp-aes 256 esp-sha-hmac"),
		map[string][]string{
			"R2": {"Failed to find a matching policy"},
			"R1": {"NOTIFY(NO_PROPOSAL_CHOSEN)", "CurState: INFO_I_BLD_INFO Event: EV_SEND_DEL"},
		},
		[]string{"crypto ipsec transform-set TS esp-3des esp-sha-hmac"},
	},
	{
		"no tunnel there", edit("R2", "tunnel destination 10.0.0.1", "tunnel destination 10.0.0.9"),
		map[string][]string{
			"R2": {"There was no IPSEC policy found for received TS"},
			"R1": {"NOTIFY(TS_UNACCEPTABLE)"},
		},
		[]string{"interface Tunnel0", "tunnel destination 10.0.0.1"},
	},
	{
		"peer absent", edit("R2", "interface Ethernet0/0", "interface Ethernet0/0\n shutdown"),
		map[string][]string{
			"R1": {"CurState: I_WAIT_INIT Event: EV_RE_XMT", "Event: EV_RE_XMT_EXCEED", "Maximum number of retransmissions reached", "Deleting SA"},
		},
		[]string{"interface Ethernet0/0", "no shutdown"},
	},
}

func TestFailuresExplainThemselves(t *testing.T) {
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			b := boot(t, topologies.DefaultLab, 9, f.edit)
			wire := folder{}
			_, err := b.StartCapture(wire)
			require.NoError(t, err)
			b.do("R1: debug crypto ikev2", "R2: debug crypto ikev2", "wait 150s")
			require.Contains(t, b.do("R1: show ip interface brief | include Tunnel0"), "up                    down")
			require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0 timeout 1"), ".....")
			for node, words := range f.says {
				log := strings.Join(b.log(node), "\n")
				for _, w := range words {
					require.Contains(t, log, w, node)
				}
			}
			for kind, n := range wire.kinds(t) {
				require.Contains(t, []string{"arp", "ike"}, kind, "%d frames leaked", n)
			}

			b.do("R1: undebug all", "R2: undebug all")
			b.configure("R2", f.mend...)
			b.do("wait 130s")
			require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
		})
	}
}

// TestRetriesBackOff: failures make attempts rare.
func TestRetriesBackOff(t *testing.T) {
	b := boot(t, topologies.DefaultLab, 9, edit("R2", "pre-shared-key remote cisco", "pre-shared-key remote other"))
	b.do("R1: debug crypto ikev2", "wait 10m")
	var starts []time.Time
	for _, l := range b.log("R1") {
		if strings.Contains(l, "Event: EV_INIT_SA") {
			at, err := time.Parse("*Jan _2 15:04:05.000", l[:len("*Nov 11 19:30:32.526")])
			require.NoError(t, err)
			starts = append(starts, at)
		}
	}
	require.GreaterOrEqual(t, len(starts), 3)
	require.LessOrEqual(t, len(starts), 8)
	require.Greater(t, starts[len(starts)-1].Sub(starts[len(starts)-2]), time.Minute)
}
