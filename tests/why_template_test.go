package tests

import "testing"

// TestWhyOfTemplates: what a client will meet at its hub, or has met, is what the hub's template says; and of
// the template itself it is told whom it serves, or why nobody.
func TestWhyOfTemplates(t *testing.T) {
	const set, pfs = " set transform-set AES\n", " set transform-set AES\n set pfs group14\n"
	template := func(cause string, says ...string) whyAnswer {
		return whyAnswer{"HUB Virtual-Template1", cause, says, nil}
	}
	both := func(cause string, says ...string) []whyAnswer {
		return []whyAnswer{{"CLIENT1 Tunnel0", cause, says, nil}, {"HUB Virtual-Access1", cause, says, nil}}
	}
	typed := func(node string) []string {
		return []string{node + ": configure terminal", node + ": crypto ipsec transform-set AES esp-gcm 128", node + ": end", "wait 1m"}
	}
	three := template("", "serves (3): CLIENT1 (Virtual-Access1), CLIENT2 (Virtual-Access2) and CLIENT3", "why HUB Virtual-Access1")
	off := []string{"stop CLIENT1", "stop CLIENT2", "stop CLIENT3", "HUB: clear crypto session", "wait 1m"}
	whyCases(t, "flexvpn-hub", []whyCase{
		{"nothing is wrong", nil, nil, append(both("", "nothing says"), three)},
		{"a client wants PFS", []string{"CLIENT1", set, pfs}, nil, append(both("", "Ahead: HUB wants no PFS", "to type: HUB: crypto ipsec profile FLEX: set pfs group14"), three)},
		{"the hub wants PFS", []string{"HUB", set, pfs}, nil, both("", "Ahead: CLIENT1 wants no PFS", "to type: CLIENT1: crypto ipsec profile FLEX: set pfs group14")},
		{"and the pair has been rekeyed", []string{"HUB", set, pfs, "CLIENT1", set, set + " set security-association lifetime seconds 120\n"}, []string{"wait 2m"},
			both("child.pfs", "HUB: crypto ipsec profile FLEX: set pfs group14", "to type: CLIENT1: crypto ipsec profile FLEX: set pfs group14")},
		{"a client is edited", nil, typed("CLIENT1"), both("", "Ahead: what was typed", "HUB: crypto ipsec transform-set AES esp-gcm 256")},
		{"the hub is edited", nil, typed("HUB"), both("", "Ahead: what was typed", "HUB: crypto ipsec transform-set AES esp-gcm\n")},
		{"a client has other transforms", []string{"CLIENT1", "esp-gcm 256", "esp-gcm 128"}, nil,
			[]whyAnswer{both("child.proposal", "HUB: crypto ipsec transform-set AES esp-gcm 256")[0], template("", "serves (2): CLIENT2", "CLIENT1 leads here and has no SAs: why CLIENT1 Tunnel0")}},
		{"nobody's key fits", []string{"HUB", "clients-secret", "wrong"}, []string{"wait 1m"}, []whyAnswer{template("auth.key", "HUB Virtual-Template1 serves nobody now", "CLIENT1: crypto ikev2 keyring KEYS")}},
		{"the template is shut down", []string{"HUB", "type tunnel\n", "type tunnel\n shutdown\n"}, nil, []whyAnswer{template("path.shutdown", "HUB: interface Virtual-Template1: no shutdown")}},
		{"no profile names it", []string{"HUB", " virtual-template 1\n", ""}, nil, []whyAnswer{template("flex.template", "to type: HUB: crypto ikev2 profile FLEX: virtual-template 1")}},
		{"it has no protection", []string{"HUB", " tunnel protection ipsec profile FLEX\n", ""}, nil, []whyAnswer{template("flex.template", "is protected by no IPsec profile")}},
		{"where it begins is shut down", []string{"HUB", " ip address 198.51.100.10 255.255.255.0\n", " ip address 198.51.100.10 255.255.255.0\n shutdown\n"}, nil, []whyAnswer{template("path.source", "HUB: interface GigabitEthernet1: no shutdown")}},
		{"nobody has power", nil, off, []whyAnswer{template("", "serves nobody now", "No tunnel of another router that has power leads to"), {tunnel: "HUB ", says: []string{"HUB Virtual-Template1 serves nobody"}}}},
	})
}

// TestWhyOfTemplatesWithoutAddress: a template without an address makes interfaces that speak no IPv4, with
// SAs that are well.
func TestWhyOfTemplatesWithoutAddress(t *testing.T) {
	bare := []string{"HUB", " ip unnumbered Loopback0\n", ""}
	const ask = "CLIENT1: ping 10.1.0.1 source Loopback1"
	says := []string{"Virtual-Template1 of HUB has no IP address", "ip.dropped", "to type: HUB: interface Virtual-Template1: ip unnumbered Loopback0"}
	mended := []string{ask, "HUB: configure terminal", "HUB: interface Virtual-Template1", "HUB: ip unnumbered Loopback0", "HUB: end", "HUB: clear crypto session", "wait 2m", ask}
	whyCases(t, "flexvpn-hub", []whyCase{
		{"one client has sent something", bare, []string{"wait 1m", ask}, []whyAnswer{
			{tunnel: "CLIENT1 Tunnel0", cause: "tunnel.address", says: says}, {tunnel: "HUB Virtual-Access1", cause: "tunnel.address", says: says}, {tunnel: "CLIENT2 Tunnel0"}}},
		{"it is mended", bare, mended, []whyAnswer{{tunnel: "CLIENT1 Tunnel0"}}},
		{"nothing is wrong", nil, []string{"wait 1m", ask}, []whyAnswer{{tunnel: "CLIENT1 Tunnel0"}, {tunnel: "HUB Virtual-Access1"}}},
	})
}
