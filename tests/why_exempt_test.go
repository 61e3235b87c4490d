package tests

import "testing"

// TestWhyOfTranslatedPackets: NAT has packets before a crypto map does, so that without a line that
// exempts them they are none of its list's, and leave in clear: no SA is asked for.
func TestWhyOfTranslatedPackets(t *testing.T) {
	const outside, inside = "the other site\n", "the LAN of this site\n"
	nat := func(lines string) []string {
		return []string{"R1", outside, outside + " ip nat outside\n", "R1", inside, inside + " ip nat inside\n", "R1", "ip route 192.168.2", lines + "ip route 192.168.2"}
	}
	const rule, mapped = "ip nat inside source list NAT interface Ethernet0/0 overload\n", "ip nat inside source route-map OUT interface Ethernet0/0 overload\nroute-map OUT permit 10\n match ip address NAT\n"
	const all, deny = " 20 permit ip 192.168.0.0 0.0.255.255 any\n", " deny ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255\n"
	ask := []string{"ping H1 192.168.2.10"}
	both := func(cause string, says ...string) []whyAnswer {
		return []whyAnswer{{tunnel: "R1 Ethernet0/0", cause: cause, says: says}, {tunnel: "R2 Ethernet0/0", cause: cause, says: says}}
	}
	bad := func(says ...string) []whyAnswer {
		return both("map.nat", append(says, "R1 translates packets from 192.168.1.10 to 192.168.2.10", "the address 10.0.0.1 no line of the list VPN", "deny ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255", "nat.mapped")...)
	}
	const list = "ip access-list extended NAT\n"
	typed := []string{"R1: configure terminal", "R1: ip access-list extended NAT", "R1: 10" + deny, "R1: end", "R1: clear ip nat translation *", "ping H1 192.168.2.10"}
	whyCases(t, "crypto-map-site-to-site", []whyCase{
		{"no line exempts them", nat(list + all + rule), ask, bad("is down", "R1: ip access-list extended NAT: 10 deny ip 192.168.1.0", "to type: R1: clear ip nat translation *")},
		{"by a route map", nat(list + all + mapped), ask, bad("configured: R1: route-map OUT permit 10: match ip address NAT", "The line permit ip 192.168.0.0 0.0.255.255 any of the list NAT")},
		{"the line stands behind", nat(list + all + deny + rule), ask, bad("to type: R1: ip access-list extended NAT: 10 deny ip")},
		{"there is no room before it", nat(list + " 1 permit ip any any\n" + rule), ask, bad("to type: R1: ip access-list resequence NAT 10 10", "NAT: 5 deny ip 192.168.1.0")},
		{"a standard list", nat("ip access-list standard NAT\n permit 192.168.1.0 0.0.0.255\n" + rule), ask, bad("to type: R1: no ip nat inside source list NAT", "permit ip 192.168.1.0 0.0.0.255 any", "to type: R1: ip nat inside source list NAME interface Ethernet0/0 overload")},
		{"the line is taken away, and a packet comes at once", nat(list + " 10" + deny + all + rule), []string{"R1: configure terminal", "R1: ip access-list extended NAT", "R1: no 10", "ping H1 192.168.2.10"}, bad()},
		{"packets of the other end come by it, and answers go in clear", nat(list + all + rule), []string{"ping H2 192.168.1.10", "wait 5s", "ping H1 192.168.2.10"}, bad("packets that it should carry are lost")},
		{"it is mended", nat(list + all + rule), append(ask, typed...), both("", "nothing says that it is not well")},
		{"nothing is wrong", nat(list + " 10" + deny + all + rule), ask, both("", "nothing says that it is not well")},
		{"the list is for what they are translated to", append(nat(list+all+rule), "R1", " permit ip 192.168.1.0", " permit ip host 10.0.0.1 192.168.2.0 0.0.0.255\n permit ip 192.168.1.0"), ask,
			[]whyAnswer{{tunnel: "R1 Ethernet0/0", cause: "map.lists", never: []string{"translates packets"}}}},
	})
}
