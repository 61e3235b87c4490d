package tests

import "testing"

// TestWhyOfHubFronts: a hub meets its clients in a VRF, which its profile or its policy is not for.
func TestWhyOfHubFronts(t *testing.T) {
	const profile, policy, port, template = "crypto ikev2 profile FLEX\n", "crypto ikev2 policy", "interface GigabitEthernet1\n", "type tunnel\n"
	inet := []string{"HUB", "aaa new-model\n", "aaa new-model\nvrf definition INET\n address-family ipv4\n exit-address-family\n", "HUB", port, port + " vrf forwarding INET\n", "HUB", template, template + " tunnel vrf INET\n"}
	with := func(more ...string) []string { return append(inet[:len(inet):len(inet)], more...) }
	fitting := []string{"HUB", profile, profile + " match fvrf INET\n"}
	proposal := []string{"HUB", profile, "crypto ikev2 proposal P\n encryption aes-gcm-256\n prf sha384\n group 19\n" + policy + " P\n proposal P\n" + profile, "CLIENT1", profile, "crypto ikev2 proposal P\n encryption aes-gcm-256\n prf sha384\n group 19\n" + policy + " P\n proposal P\n" + profile}
	at := func(cause string, says ...string) []whyAnswer {
		return []whyAnswer{{"CLIENT1 Tunnel0", cause, says, []string{"No profile of HUB takes", "have no ENCR"}}}
	}
	ask := []string{"wait 1m", "CLIENT1: ping 10.1.0.1 source Loopback1"}
	whyCases(t, "flexvpn-hub", []whyCase{
		{"nothing is wrong", with(fitting...), ask, at("", "nothing says that it is not well")},
		{"a profile for no VRF", inet, ask, at("vrf.profile", "The profile FLEX of HUB is for peers in the global table (match fvrf), and CLIENT1 comes in VRF INET", "to type: HUB: crypto ikev2 profile FLEX: match fvrf INET", "configured: HUB: interface GigabitEthernet1: vrf forwarding INET")},
		{"a profile for anybody, in no VRF", with("HUB", "match identity remote fqdn domain corp.example", "match identity remote any"), ask, at("vrf.profile", "to type: HUB: crypto ikev2 profile FLEX: match fvrf INET")},
		{"a policy for no VRF", with(append(fitting, proposal...)...), ask, at("vrf.policy", "No IKEv2 policy of HUB is for VRF INET (match fvrf)", "to type: HUB: crypto ikev2 policy P: match fvrf any")},
		{"a profile for a VRF where no client is", []string{"HUB", "aaa new-model\n", "aaa new-model\nvrf definition INET\n address-family ipv4\n exit-address-family\n", "HUB", profile, profile + " match fvrf INET\n"}, ask, at("vrf.profile", "to type: HUB: crypto ikev2 profile FLEX: no match fvrf", "is for peers in VRF INET")},
	})
}
