package tests

import "testing"

// TestWhyOfTunnelsWithoutAddress: who forgets the address of a tunnel has an SA, a static route in
// the configuration, and nothing that goes by them.
func TestWhyOfTunnelsWithoutAddress(t *testing.T) {
	ask := []string{"ping HB 10.9.0.10", "wait 10s"}
	says := []string{"Tunnel1 of RB has no IP address", "show ip interface brief", "RB: interface Tunnel1: ip address ADDRESS MASK"}
	whyCases(t, "customers", []whyCase{
		{"at one end", []string{"RB", "interface Tunnel1\n ip address 172.16.0.2 255.255.255.252\n", "interface Tunnel1\n"}, ask, []whyAnswer{
			{tunnel: "RB Tunnel1", cause: "tunnel.address", says: says}, {tunnel: "PE Tunnel2", cause: "tunnel.address", says: says}, {tunnel: "RA Tunnel1"}}},
	})
}

// TestWhyOfRefusedLines: an address that was refused when a router began is why a network is not there.
func TestWhyOfRefusedLines(t *testing.T) {
	const lan = " ip address 10.9.0.1 255.255.255.0\n"
	ask := []string{"ping HA 10.9.0.10", "ping HB 10.9.0.10", "wait 1m"}
	both := func(says ...string) []whyAnswer {
		return []whyAnswer{{"RB Tunnel1", "line.refused", says, nil}, {"PE Tunnel2", "line.refused", says, nil}, {tunnel: "PE Tunnel1"}, {tunnel: "RA Tunnel1"}}
	}
	whyCases(t, "customers", []whyCase{
		{"another interface has the network", []string{"RB", "interface Ethernet0/0\n", "interface Loopback9\n ip address 10.9.0.129 255.255.255.128\ninterface Ethernet0/0\n"}, ask,
			both("10.9.0.0 overlaps with Loopback9", "configured: RB: interface Ethernet0/1: ip address 10.9.0.1 255.255.255.0")},
		{"it is the network's own", []string{"RB", lan, " ip address 10.9.0.0 255.255.255.0\n"}, ask, both("Bad mask /24 for address 10.9.0.0")},
		{"the tunnel's source", []string{"RB", " ip address 203.0.113.12 ", " ip address 203.0.113.0 "}, ask, both("configured: RB: interface Ethernet0/0: ip address 203.0.113.0")[:1]},
		{"it is typed then", []string{"RB", lan, " ip address 10.9.0.0 255.255.255.0\n"},
			[]string{"RB: configure terminal", "RB: interface Ethernet0/1", "RB: ip address 10.9.0.1 255.255.255.0", "RB: end", "ping HB 10.9.0.10"}, []whyAnswer{{tunnel: "RB Tunnel1"}, {tunnel: "PE Tunnel2"}}},
	})
}

// TestWhyOfNetworksThatAreDown: a tunnel that is well ends at a router whose interface to the hosts is not up.
func TestWhyOfNetworksThatAreDown(t *testing.T) {
	ask := []string{"ping HA 10.9.0.10", "ping HB 10.9.0.10", "wait 1m"}
	says := []string{"RB has no way for packets from", "Ethernet0/1, which has that network, is not up", "show ip interface brief"}
	whyCases(t, "customers", []whyCase{
		{"it is shut down", []string{"RB", "interface Ethernet0/1\n", "interface Ethernet0/1\n shutdown\n"}, ask, []whyAnswer{
			{tunnel: "RB Tunnel1", cause: "route.into", says: append(says, "RB: interface Ethernet0/1: no shutdown")}, {tunnel: "PE Tunnel2", cause: "route.into", says: says}, {tunnel: "PE Tunnel1"}, {tunnel: "RA Tunnel1"}}},
		{"its cable is out", nil, append([]string{"link RB:Ethernet0/1 down"}, ask...), []whyAnswer{{tunnel: "RB Tunnel1", cause: "route.into", says: says}, {tunnel: "PE Tunnel2", cause: "route.into", says: says}, {tunnel: "PE Tunnel1"}}},
	})
}

// TestWhyOfUnprotectedTunnels: a tunnel whose protection was taken away is what its other end meets when
// it asks for an SA.
func TestWhyOfUnprotectedTunnels(t *testing.T) {
	const here = " tunnel protection ipsec profile "
	says := func(node, tunnel, peer, profile string) []string {
		return []string{tunnel + " of " + node + ", which leads to " + peer + ", is protected by no IPsec profile", "show interfaces " + tunnel, "to type: " + node + ": interface " + tunnel + ":" + here + profile}
	}
	both := func(says []string) []whyAnswer {
		never := []string{"Traffic Selectors"}
		return []whyAnswer{{"PE Tunnel2", "tunnel.protection", says, never}, {"RB Tunnel1", "tunnel.protection", says, never}, {tunnel: "PE Tunnel1"}, {tunnel: "RA Tunnel1"}}
	}
	again := []string{"wait 1m", "RB: configure terminal", "RB: interface Tunnel1", "RB:" + here + "P", "RB: end", "wait 2m", "ping HB 10.9.0.10"}
	whyCases(t, "customers", []whyCase{
		{"at one end", []string{"RB", here + "P\n", ""}, []string{"wait 1m"}, both(says("RB", "Tunnel1", "PE", "P"))},
		{"at the other", []string{"PE", here + "B\n", ""}, []string{"wait 1m"}, both(says("PE", "Tunnel2", "RB", "B"))},
		{"it is mended", []string{"RB", here + "P\n", ""}, again, []whyAnswer{{tunnel: "PE Tunnel2"}, {tunnel: "RB Tunnel1"}}},
	})
}
