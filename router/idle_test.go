package router

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
)

// TestInterfacesThatCarryNothing are shown, down, beside what they are part of;
// Null0 is always there, and shown when it is asked for.
func TestInterfacesThatCarryNothing(t *testing.T) {
	r := alone(t, "interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\ninterface Ethernet0/0.100\n encapsulation dot1Q 100\n ip address 10.1.0.1 255.255.255.0\n"+
		"interface Ethernet0/1\n shutdown\ninterface Ethernet0/1.7\ninterface Loopback0\n ip address 10.9.0.1 255.255.255.255\n"+
		"interface Vlan1\ninterface Port-channel1\n ip address 10.2.0.1 255.255.255.0\ninterface Port-channel1.5\ninterface Virtual-Template1\n")
	var out strings.Builder
	s := r.Shell().Open(shell.Options{Privileged: true, Out: func(text string) { out.WriteString(text) }})
	s.Resize(80, 0)
	typed := func(line string) string {
		out.Reset()
		s.Enter(commitEpoch, line)
		return out.String()
	}
	require.Equal(t, `Interface                  IP-Address      OK? Method Status                Protocol
Ethernet0/0                10.0.0.1        YES NVRAM  up                    up
Ethernet0/0.100            10.1.0.1        YES NVRAM  up                    up
Ethernet0/1                unassigned      YES unset  administratively down down
Ethernet0/1.7              unassigned      YES unset  administratively down down
Loopback0                  10.9.0.1        YES NVRAM  up                    up
Port-channel1              10.2.0.1        YES NVRAM  down                  down
Port-channel1.5            unassigned      YES unset  down                  down
Virtual-Template1          unassigned      YES unset  down                  down
Vlan1                      unassigned      YES unset  down                  down
`, typed("show ip interface brief"))
	for _, name := range []string{"Port-channel1", "Port-channel1.5", "Vlan1", "Virtual-Template1"} {
		require.Contains(t, typed("show interfaces "+name), name+" is down, line protocol is down \n")
		require.Contains(t, typed("show running-config interface "+name), "\ninterface "+name+"\n")
	}
	require.Contains(t, typed("show interfaces e0/0.100"), "  Internet address is 10.1.0.1/24\n")
	require.Contains(t, typed("show interfaces e0/0.100"), "  Encapsulation 802.1Q Virtual LAN, Vlan ID  100.\n")
	require.Contains(t, typed("show interfaces null 0"), "Null0 is up, line protocol is up \n")
	require.NotContains(t, typed("show interfaces"), "Null0")
	require.Contains(t, typed("show version"), "2 Ethernet interfaces\n", "a subinterface is no port")
	require.Contains(t, typed("ping 10.0.0.2 source Port-channel1"), "% Invalid source address")
	running := typed("show running-config")
	for _, row := range []string{"Ethernet0/0\n", "Ethernet0/0.100\n encapsulation dot1Q 100\n ip address", "Ethernet0/1\n", "Ethernet0/1.7\n"} {
		_, rest, found := strings.Cut(running, "\ninterface "+row)
		require.True(t, found, row)
		running = "\n" + rest
	}
}
