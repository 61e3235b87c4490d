package tests

import "testing"

// exchange has two pieces of a configuration change places.
func exchange(node, a, b string) []string {
	return []string{node, a, "XXX", node, b, a, node, "XXX", b}
}

// TestWhyOfConfusedTunnels: of two customers' tunnels one has the destination or the profile of the other,
// or both have. Where what they carry tells which is wrong it is named, and otherwise both.
func TestWhyOfConfusedTunnels(t *testing.T) {
	ask := []string{"ping HA 10.9.0.10", "ping HB 10.9.0.10", "wait 100s"}
	both := func(cause string, says ...string) []whyAnswer {
		never := []string{"Traffic Selectors"}
		return []whyAnswer{{"PE Tunnel1", cause, nil, never}, {"RA Tunnel1", cause, nil, never}, {"PE Tunnel2", cause, says, never}, {"RB Tunnel1", cause, says, never}}
	}
	second := func(cause string, says ...string) []whyAnswer {
		return append(both(cause, says...)[2:], whyAnswer{tunnel: "PE Tunnel1"}, whyAnswer{tunnel: "RA Tunnel1"})
	}
	protections := exchange("PE", "protection ipsec profile A", "protection ipsec profile B")
	profiles := exchange("PE", "set ikev2-profile PA", "set ikev2-profile PB")
	destinations := exchange("PE", "destination 203.0.113.11", "destination 203.0.113.12")
	apart := func(edits []string) []string { // the tunnels have addresses that tell which is which
		const b = " ip address 172.16.0.1 255.255.255.252\n tunnel source Ethernet0/0\n tunnel destination 203.0.113.12"
		return append([]string{"RB", "172.16.0.2", "172.16.0.6", "PE", b, " ip address 172.16.0.5 255.255.255.252\n tunnel source Ethernet0/0\n tunnel destination 203.0.113.12"}, edits...)
	}
	const toB, forB = `"tunnel destination 203.0.113.12" mends it`, `"tunnel protection ipsec profile B" does`
	whyCases(t, "customers", []whyCase{
		{"nothing is wrong", apart(nil), ask, both("", "nothing says that it is not well")},
		{"IPsec profiles", protections, ask, both("tunnel.confused", "Tunnel2 of PE leads to RB, while its profile PA is for RA", forB)},
		{"destinations", destinations, ask, append(both("tunnel.confused")[:2:2], whyAnswer{tunnel: "PE Tunnel2", cause: "tunnel.confused", says: []string{toB}})},
		{"IPsec profiles, known", apart(protections), ask, both("auth.identity", "to type: PE: interface Tunnel2: tunnel protection ipsec profile B")},
		{"IKEv2 profiles, known", apart(profiles), ask, both("auth.identity", "to type: PE: interface Tunnel2: tunnel protection ipsec profile A")},
		{"destinations, known", apart(destinations), ask, append(both("path.peer")[:2:2],
			whyAnswer{"PE Tunnel2", "path.peer", []string{"PE: interface Tunnel2: tunnel destination 203.0.113.12"}, nil})},
		{"keyrings", exchange("PE", "keyring local KA", "keyring local KB"), ask, both("auth.key", "to type: PE: crypto ikev2 profile PB: keyring local KB")},
		{"identities", exchange("PE", "remote address 203.0.113.11", "remote address 203.0.113.12"), ask,
			both("auth.identity", "to type: PE: crypto ikev2 profile PB: match identity remote address 203.0.113.12 255.255.255.255")},
		{"the other's IPsec profile", []string{"PE", "protection ipsec profile B", "protection ipsec profile A"}, ask,
			second("auth.identity", "to type: PE: interface Tunnel2: tunnel protection ipsec profile B")},
		{"the other's IKEv2 profile", []string{"PE", "set ikev2-profile PB", "set ikev2-profile PA"}, ask,
			second("auth.identity", "to type: PE: crypto ipsec profile B: set ikev2-profile PB")},
		{"the other's destination", []string{"PE", "destination 203.0.113.12", "destination 203.0.113.11"}, ask,
			second("path.peer", "Tunnel2 of PE leads to RA", "to type: PE: interface Tunnel2: tunnel destination 203.0.113.12")},
	})
}
