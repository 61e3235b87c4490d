package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

const knocked = `name: knocked
topology:
  defaults: {kind: ios}
  nodes:
    R1:
      startup-config: |
        ip access-list extended HOSTS
         deny tcp any any eq 23
         deny udp any host 10.2.0.10
         permit ip any any
        interface Ethernet0/0
         ip address 10.1.0.1 255.255.255.0
         ip access-group HOSTS in
        interface Ethernet0/1
         ip address 10.2.0.1 255.255.255.0
        end
    A: {kind: host, address: 10.1.0.10/24, gateway: 10.1.0.1}
    B: {kind: host, address: 10.2.0.10/24, gateway: 10.2.0.1}
  links:
    - endpoints: ["A:eth0", "R1:Ethernet0/0"]
    - endpoints: ["B:eth0", "R1:Ethernet0/1"]
`

// TestKnock: whether a list drops what asks for a conversation, and no other packet, is seen; who else answers
// for a host is told where nobody else may.
func TestKnock(t *testing.T) {
	run := func(themselves bool, lines ...string) string {
		topology, err := topologies.Parse("knocked.clab.yml", []byte(knocked), nil)
		require.NoError(t, err)
		s := &Scenario{}
		for _, line := range lines {
			step, err := ParseLine(line)
			require.NoError(t, err)
			s.Steps = append(s.Steps, step)
		}
		report := Run(s, topology, Options{Seed: 1, Settings: Settings{Themselves: themselves}})
		if f := report.Failure(); f != nil {
			return f.Message
		}
		require.NoError(t, report.Err)
		return ""
	}
	const wait = "wait 10s"
	require.Empty(t, run(false, wait, "knock A 10.2.0.10 23 filtered=true", "knock A 10.2.0.10 80 filtered=false", "knock A 10.2.0.10 53 protocol=udp filtered=true",
		"knock B 10.1.0.10 23 filtered=false", "knock A 10.2.0.1 53 protocol=udp filtered=false", "knock A 10.2.0.10 23 source=10.1.0.77 filtered=true", "knock A 10.2.0.10 23"))
	require.Equal(t, "no access list drops it", run(false, wait, "knock A 10.2.0.10 80 filtered=true"))
	require.Equal(t, "an access list drops it", run(false, wait, "knock A 10.2.0.10 23 filtered=false"))

	taken := []string{"R1: configure terminal", "R1: interface Loopback0", "R1: ip address 10.3.0.10 255.255.255.255", "R1: end", wait}
	require.Empty(t, run(true, append(taken, "ping A 10.2.0.10 loss=0", "ping A 10.3.0.10 loss=0")...))
	usurped := []string{"R1: configure terminal", "R1: interface Ethernet0/1", "R1: ip address 10.2.0.1 255.255.255.252", "R1: interface Loopback0", "R1: ip address 10.2.0.10 255.255.255.255", "R1: end", wait}
	require.Empty(t, run(false, append(usurped, "ping A 10.2.0.10 loss=0")...))
	require.Equal(t, "somebody else answers", run(true, append(usurped, "ping A 10.2.0.10 loss=0")...))
	require.Equal(t, "somebody else answers", run(true, append(usurped, "traffic A 10.2.0.10 for=2s loss=0")...))
}
