package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// The configurations of tests.

const entryName = "Tunnel0"

// testPolicy is one side's configuration: what IKE knows, and the one entry.
type testPolicy struct {
	Config
	Children []ChildPolicy
}

// testConfig is one side of the tech note's configuration.
func testConfig(index int, edit ...func(*testPolicy)) *testPolicy {
	ends := [2]netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")}
	local, remote := ends[index], ends[1-index]
	any4 := []spd.Selector{{EndPort: 65535, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255")}}
	defaultProposal := &Proposal{
		Name:  "default",
		Encr:  []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 256}, {ID: ipsec.EncrAESCBC, KeyBits: 192}, {ID: ipsec.EncrAESCBC, KeyBits: 128}},
		PRF:   []ipsec.PRFID{ipsec.PRFSHA512, ipsec.PRFSHA384, ipsec.PRFSHA256, ipsec.PRFSHA1, ipsec.PRFMD5},
		Integ: []ipsec.IntegID{ipsec.IntegSHA512, ipsec.IntegSHA384, ipsec.IntegSHA256, ipsec.IntegSHA1, ipsec.IntegMD5},
		Group: []ipsec.Group{5, 2},
	}
	c := &testPolicy{Config: Config{
		Global: Global{
			Proposals: []*Proposal{defaultProposal}, Policies: []Policy{{Name: "default", Proposals: []string{"default"}}},
			HTTPURLCert: true, Version: "Cisco IOS Software, ikelab",
		},
		Keyrings: []*Keyring{{Name: "KEYRNG", Peers: []KeyringPeer{{
			Name: "peer1", Address: netip.PrefixFrom(remote, 24), Local: []byte("cisco"), Remote: []byte("cisco"),
		}}}},
		Profiles: []*Profile{{
			Name: "IKEV2-SETUP", MatchRemote: []IdentityMatch{{Any: true}}, AuthLocal: PreShared, AuthRemote: PreShared,
			Keyring: "KEYRNG", Lifetime: 120 * time.Second, ConfigRequest: true,
		}},
	}}
	c.Children = []ChildPolicy{{
		Entry: entryName, Local: local, Remote: remote, Profile: "IKEV2-SETUP",
		Suites:   []ESPSuite{{Name: "TS", Encr: ipsec.Encr{ID: ipsec.Encr3DES}, Integ: ipsec.IntegSHA1}},
		Lifetime: time.Hour, Kilobytes: 4608000, Selectors: [2][]spd.Selector{any4, any4},
	}}
	if index == 0 {
		c.Proposals = append([]*Proposal{{
			Name:  "PHASE1-prop",
			Encr:  []ipsec.Encr{{ID: ipsec.Encr3DES}, {ID: ipsec.EncrAESCBC, KeyBits: 128}},
			PRF:   []ipsec.PRFID{ipsec.PRFSHA1},
			Integ: []ipsec.IntegID{ipsec.IntegSHA1},
			Group: []ipsec.Group{2},
		}}, c.Proposals...)
		c.Policies = append([]Policy{{Name: "site-pol", Proposals: []string{"PHASE1-prop"}}}, c.Policies...)
	}
	for _, f := range edit {
		f(c)
	}
	return c
}

// quick is a configuration in which nothing but the operations happens, with
// the cheapest group.
func quick(c *testPolicy) {
	c.Proposals = []*Proposal{c.Proposals[len(c.Proposals)-1]}
	c.Proposals[0].Group = []ipsec.Group{19}
	c.Policies = c.Policies[len(c.Policies)-1:]
	c.Profiles[0].Lifetime = 24 * time.Hour
	c.Children[0].Lifetime = 24 * time.Hour
}
