package topologies

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/form"
)

// twoNodes is the head of a file with two routers, without links.
const twoNodes = `name: t
topology:
  nodes:
    R1: {kind: ios}
    R2: {kind: ios}
    SW: {kind: bridge}
    SX: {kind: bridge}
`

func files(content map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := content[name]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("open %s: no such file", name)
	}
}

func TestParseEverything(t *testing.T) {
	got, err := Parse("f.yml", []byte(`
name: all
description: everything at once
clock: 2011-11-11T20:30:30+01:00
seed: 7
prefix: __lab-name
topology:
  defaults: {kind: ios, startup-delay: 2}
  kinds:
    ios: {image: "15.1", startup-config: kind.cfg}
  groups:
    slow: {startup-delay: 9.5}
  nodes:
    R1: {hostname: Router1, startup-config: r1.cfg, labels: {a: b}}
    R2: {group: slow}
    R3:
      startup-config: |
        hostname X
        !
    SW: {kind: bridge}
  links:
    - endpoints: ["R1:e0/0", "R2:eth5"]
      mtu: 1400
      impairments: {delay: 10ms, jitter: 1ms, loss: 1.5%, rate: 10mbit}
    - type: veth
      endpoints:
        - {node: R1, interface: Gi1, impairments: {loss: 2, corrupt: 1, duplicate: 3, reorder: 4, delay: 1ms}}
        - {node: SW, interface: p1}
    - {type: udp, endpoint: "R3:Ethernet0/0", local: "127.0.0.1:11002", remote: "127.0.0.1:11001"}
`), files(map[string]string{"r1.cfg": "!one\n", "kind.cfg": "!kind\n"}))
	require.NoError(t, err)
	require.Equal(t, "all", got.Name)
	require.Equal(t, time.Date(2011, 11, 11, 19, 30, 30, 0, time.UTC), got.Clock)
	require.EqualValues(t, 7, *got.Seed)
	require.True(t, got.External())
	require.Equal(t, []*Node{
		{Name: "R1", Kind: KindIOS, Image: "15.1", Hostname: "Router1", Config: "!one\n", ConfigFile: "r1.cfg", ConfigLine: 1, ConfigColumn: 1, StartupDelay: 2 * time.Second},
		{Name: "R2", Kind: KindIOS, Image: "15.1", Hostname: "R2", Config: "!kind\n", ConfigFile: "kind.cfg", ConfigLine: 1, ConfigColumn: 1, StartupDelay: 9500 * time.Millisecond},
		{Name: "R3", Kind: KindIOS, Image: "15.1", Hostname: "R3", Config: "hostname X\n!\n", ConfigFile: "f.yml", ConfigLine: 18, ConfigColumn: 9, StartupDelay: 2 * time.Second},
		{Name: "SW", Kind: KindBridge, Image: "15.1", Hostname: "SW", StartupDelay: 2 * time.Second},
	}, got.Nodes)
	common := Impairments{Delay: 10 * time.Millisecond, Jitter: time.Millisecond, Loss: 0.015, Rate: 10_000_000, MTU: 1400}
	require.Equal(t, []Endpoint{
		{Node: "R1", Interface: "Ethernet0/0", Impairments: common},
		{Node: "R2", Interface: "Ethernet1/1", Impairments: common},
	}, got.Links[0].Ends)
	require.Equal(t, []Endpoint{
		{Node: "R1", Interface: "GigabitEthernet1", Impairments: Impairments{Loss: .02, Corrupt: .01, Duplicate: .03, Reorder: .04, Delay: time.Millisecond}},
		{Node: "SW", Interface: "p1"},
	}, got.Links[1].Ends)
	require.Equal(t, "127.0.0.1:11002", got.Links[2].Local.String())
	require.Equal(t, "127.0.0.1:11001", got.Links[2].Remote.String())
	require.Equal(t, "f.yml:6:1: warning: \"prefix\" has no effect here\nf.yml:14:53: warning: \"labels\" has no effect here",
		got.Warnings.Error())
}

func TestParseProblems(t *testing.T) {
	links := twoNodes + "  links:\n"
	host := "name: t\ntopology:\n  nodes:\n    {R: {kind: ios}, H: {kind: host, address: 10.0.0.1/8}}\n  links:\n"
	for _, row := range []struct{ text, want string }{
		{"", "f:1:1: the file is empty"},
		{"- a", "f:1:1: the file must be a mapping"},
		{"name: x\n\ttopology: {}", "f:2:1: yaml: found a tab character that violates indentation"},
		{"name: x", "f:1:1: the file has no topology"},
		{"topology: {nodes: {R: {kind: ios}}}", "f:1:1: the file has no name"},
		{"name: x\ntopology: {}", "f:2:11: topology has no nodes"},
		{"name: x\ntopology: {nodes: {}}", "f:2:19: topology has no nodes"},
		{"name: x\nnmae: y\ntopology: {nodes: {R: {kind: ios}}}", "f:2:1: unknown key \"nmae\" in the file: did you mean \"name\"?"},
		{"name: x\nname: y\ntopology: {nodes: {R: {kind: ios}}}", "f:2:1: \"name\" occurs twice in the file"},
		{"name: \"\"\ntopology: {nodes: {R: {kind: ios}}}", "f:1:7: name: must not be empty"},
		{"name: [x]\ntopology: {nodes: {R: {kind: ios}}}", "f:1:7: name: must be a single value"},
		{"name: x\nclock: noon\ntopology: {nodes: {R: {kind: ios}}}", "f:2:8: clock: \"noon\" is not a time such as 2011-11-11T19:30:30Z"},
		{"name: x\nseed: -1\ntopology: {nodes: {R: {kind: ios}}}", "f:2:7: seed: \"-1\" is not a number between 0 and 2^64-1"},
		{"name: x\ntopology: {nodes: {R: {}}}", "f:2:20: node \"R\" has no kind"},
		{"name: x\ntopology: {nodes: {R: {kind: nat}}}", "f:2:20: nat \"R\" needs inside and outside: ports with their addresses"},
		{"name: x\ntopology: {nodes: {R: {kind: nat, inside: {e0: 10.0.0.1/8}, outside: {eth1: 1.1.1.1/8}}}}", "f:2:44: \"e0\" is not a port such as eth0"},
		{"name: x\ntopology: {nodes: {R: {kind: nat, inside: {eth1: 10.0.0.1/8}, outside: {eth1: 1.1.1.1/8}}}}", "f:2:72: outside is one port, which is not inside"},
		{"name: x\ntopology: {nodes: {R: {kind: nat, inside: {eth0: 10.0.0.1/8}, outside: {eth1: 1.1.1.1/8}, nat: {mapping: easy}}}}",
			"f:2:106: mapping: \"easy\" is none of endpoint-independent, address-dependent, address-and-port-dependent"},
		{"name: x\ntopology: {nodes: {R: {kind: host}}}", "f:2:20: host \"R\" has no address"},
		{"name: x\ntopology: {nodes: {R: {kind: host, address: dhcp, gateway: 10.0.0.1}}}", "f:2:60: host \"R\" has its gateway by DHCP, as its address"},
		{"name: x\ntopology: {nodes: {R: {kind: host, address: 192.168.1.0/24}}}", "f:2:45: address: \"192.168.1.0/24\" is not an address and length such as 192.168.1.10/24"},
		{"name: x\ntopology: {nodes: {R: {kind: host, address: 192.168.1.1/24, gateway: 10.0.0.1}}}", "f:2:70: gateway 10.0.0.1 is no neighbour of 192.168.1.1/24"},
		{"name: x\ntopology: {nodes: {R: {kind: junos}}}", "f:2:30: a node of kind \"junos\" cannot run here; there are ios (a router), host (an end station), nat (a gateway), bridge (a segment) and rogue (a peer that misbehaves)"},
		{"name: x\ntopology: {nodes: {R: {kind: rogue, address: 10.0.0.6x, suite: des}}}",
			"f:2:20: node \"R\" is a rogue and has no peer\n" +
				"f:2:20: node \"R\" is a rogue and has one link, not 0\n" +
				"f:2:46: address: \"10.0.0.6x\" is not an IPv4 address such as 10.0.0.66\n" +
				"f:2:64: suite: \"des\" is not a suite such as \"aes-cbc-128 sha256 19\": aes-cbc-128, -192 or -256, sha1, sha256, sha384 or sha512, group 19, 20 or 21"},
		{"name: x\ntopology: {nodes: {R: {kind: ios, key: k}}}", "f:2:40: peer, key and suite belong to nodes of kind rogue"},
		{"name: x\ntopology: {nodes: {R: {kind: ios, image: 12.4}}}", "f:2:42: unknown image \"12.4\": 15.1 or xe-17"},
		{"name: x\ntopology: {nodes: {R: {kind: ios, group: g}}}", "f:2:42: group \"g\" is not defined"},
		{"name: x\ntopology: {nodes: {R: {kind: ios, startup-delay: -1}}}", "f:2:50: startup-delay: \"-1\" is not a number of seconds between 0 and 86400"},
		{"name: x\ntopology: {nodes: {R: {kind: ios, startup-config: r.cfg}}}", "f:2:51: startup-config: open r.cfg: no such file"},
		{"name: x\ntopology: {nodes: {R: {kind: ios, startup-config: \"http://h/r\"}}}", "f:2:51: startup-config: fetching \"http://h/r\" is not supported yet"},
		{"name: x\ntopology: {nodes: {\"a b\": {kind: ios}}}", "f:2:20: \"a b\" is not a node name: letters, digits, '.', '_' and '-', at most 63"},
		{"name: x\ntopology: {nodes: {R: {kind: ios}, R: {kind: ios}}}", "f:2:36: node \"R\" occurs twice"},
		{links + "  - endpoints: [\"R1:Ethernet0/0\"]", "f:9:16: a link has 2 endpoints, not 1"},
		{links + "  - {}", "f:9:5: a link of type veth needs endpoints"},
		{links + "  - endpoints: [R1, \"R2:e0/0\"]", "f:9:17: \"R1\" is not an endpoint such as R1:Ethernet0/0"},
		{links + "  - endpoints: [\"R9:e0/0\", \"R2:e0/0\"]", "f:9:17: there is no node \"R9\""},
		{links + "  - endpoints: [\"R1:Xerial0\", \"R2:e0/0\"]", "f:9:17: \"Xerial0\" is not an interface such as Ethernet0/0"},
		{links + "  - endpoints: [\"R1:e0/x\", \"R2:e0/0\"]", "f:9:17: \"e0/x\" is not an interface such as Ethernet0/0"},
		{links + "  - endpoints: [\"R1:e0/0\", \"R1:Ethernet0/0\"]", "f:9:5: R1:Ethernet0/0 has a link already"},
		{links + "  - endpoints: [\"SW:1\", \"SX:1\"]", "f:9:5: a link between two bridges is not supported yet"},
		{links + "  - endpoints: [\"R1:e0/0\", \"R2:e0/0\"]\n    impairments: {loss: 101%, delay: 5, rate: fast, mtu: 10, lag: 1}",
			"f:10:25: loss: \"101%\" is not a percentage between 0% and 100%\n" +
				"f:10:38: delay: \"5\" is not a duration such as 10ms\n" +
				"f:10:47: rate: \"fast\" is not a rate such as 10mbit, 512kbit or a number of kbit/s\n" +
				"f:10:58: mtu: \"10\" is not a number of octets between 68 and 65535\n" +
				"f:10:62: unknown key \"lag\" in impairments; there are delay, jitter, loss, duplicate, reorder, corrupt, corruption, rate, mtu"},
		{host + "  - endpoints: [\"H:e0/0\", \"R:e0/0\"]", "f:6:17: \"e0/0\" is not a port of a host such as eth0"},
		{host + "  - endpoints: [\"H:eth0\", \"R:e0/0\"]\n  - endpoints: [\"H:eth1\", \"R:e0/1\"]", "f:7:17: host \"H\" has no port eth1"},
		{links + "  - {endpoints: [\"R1:e0/0\", \"R2:e0/0\"], mtu: 1400, vars: {mtu: 1300, impairments: {lag: 1}}}",
			"f:9:64: the link says this already, outside of vars"},
		{links + "  - {endpoints: [\"R1:e0/0\", \"R2:e0/0\"], vars: {impairments: {lag: 1}}}",
			"f:9:62: unknown key \"lag\" in impairments; there are delay, jitter, loss, duplicate, reorder, corrupt, corruption, rate, mtu"},
		{links + "  - {type: macvlan, endpoint: \"R1:e0/0\", host-interface: eth0}", "f:9:12: link type \"macvlan\" is not supported yet"},
		{links + "  - {type: wet, endpoint: \"R1:e0/0\"}", "f:9:12: unknown link type \"wet\": veth, udp, tap, host or vxlan"},
		{links + "  - {type: tap, endpoint: \"R1:e0/0\"}", "f:9:5: a link of type tap needs endpoint and host-interface"},
		{links + "  - {type: host, endpoint: \"R1:e0/0\", host-interface: longer-than-15-octets}", "f:9:55: host-interface: \"longer-than-15-octets\" is not the name of an interface such as tap0"},
		{links + "  - {type: tap, endpoint: \"R1:e0/0\", host-interface: t}\n  - {type: tap, endpoint: \"R1:e0/1\", host-interface: t}", "f:10:5: t of the host has a link already"},
		{links + "  - {type: tap, endpoint: \"R1:e0/0\", host-interface: t, vni: 1}", "f:9:62: vni does not belong to a link of type tap"},
		{links + "  - {type: vxlan, endpoint: \"R1:e0/0\", remote: 192.0.2.1}", "f:9:5: a link of type vxlan needs endpoint, remote and vni"},
		{links + "  - {type: vxlan, endpoint: \"R1:e0/0\", remote: \"192.0.2.1:4\", vni: 16777216, dst-port: 0, local: x}",
			"f:9:48: remote: \"192.0.2.1:4\" is not an address such as 192.0.2.1\n" +
				"f:9:68: vni: \"16777216\" is not a number between 1 and 16777215\n" +
				"f:9:88: dst-port: \"0\" is not a port between 1 and 65535\n" +
				"f:9:98: local: \"x\" is not an address such as 192.0.2.1"},
		{links + "  - {type: vxlan, endpoint: \"R1:e0/0\", remote: 192.0.2.1, vni: 1, local: \"::1\"}", "f:9:74: local and remote are not of one version of IP"},
		{links + "  - {type: udp, endpoint: \"R1:e0/0\"}", "f:9:5: a link of type udp needs endpoint, local and remote"},
		{links + "  - {type: udp, endpoint: \"SW:1\", local: \"127.0.0.1:1\", remote: x}",
			"f:9:65: remote: \"x\" is not an address and port such as 127.0.0.1:11001"},
		{links + "  - {endpoints: [\"R1:e0/0\", {node: R2, interface: e0/0, impairments: {reorder: 4}}]}", "f:9:29: reorder needs a delay: a frame can only overtake frames that wait"},
		{"name: x\ntopology: {nodes: {R: {kind: ios}}}\n---\nname: y", "f:3:1: a second document begins here, and a file has one"},
		{links + "  - {endpoints: [\"R1:e0/0\", \"R2:e0/0\"], remote: \"127.0.0.1:1\"}", "f:9:49: remote does not belong to a link of type veth"},
	} {
		got, err := Parse("f", []byte(row.text), files(nil))
		require.Nil(t, got, row.text)
		require.Error(t, err, row.text)
		require.Equal(t, row.want, err.Error(), row.text)
	}
}

// TestDoors: links to real networks.
func TestDoors(t *testing.T) {
	got, err := Parse("f", []byte("name: x\ntopology:\n  nodes: {R1: {kind: ios}}\n  links:\n"+
		"  - {type: tap, endpoint: \"R1:e0/0\", host-interface: tap0, mtu: 1400}\n"+
		"  - {type: host, endpoint: \"R1:e0/1\", host-interface: veth0}\n"+
		"  - {type: vxlan, endpoint: \"R1:e0/2\", remote: 192.0.2.1, vni: 16777215}\n"+
		"  - {type: vxlan, endpoint: \"R1:e0/3\", remote: \"2001:db8::1\", vni: 7, dst-port: 14789, local: \"2001:db8::2\"}\n"), nil)
	require.NoError(t, err)
	require.True(t, got.External())
	end := func(name string) []Endpoint { return []Endpoint{{Node: "R1", Interface: name}} }
	require.Equal(t, &Link{Type: LinkTap, HostInterface: "tap0", Ends: []Endpoint{{Node: "R1", Interface: "Ethernet0/0", Impairments: Impairments{MTU: 1400}}}}, got.Links[0])
	require.Equal(t, &Link{Type: LinkHost, HostInterface: "veth0", Ends: end("Ethernet0/1")}, got.Links[1])
	require.Equal(t, &Link{
		Type: LinkVXLAN, VNI: 16777215, Ends: end("Ethernet0/2"),
		Local: netip.AddrPortFrom(netip.Addr{}, 4789), Remote: netip.MustParseAddrPort("192.0.2.1:4789"),
	}, got.Links[2])
	require.Equal(t, &Link{
		Type: LinkVXLAN, VNI: 7, Ends: end("Ethernet0/3"),
		Local: netip.MustParseAddrPort("[2001:db8::2]:14789"), Remote: netip.MustParseAddrPort("[2001:db8::1]:14789"),
	}, got.Links[3])
}

// TestVars: what vars say is as if the link said it, and what others put there
// warns.
func TestVars(t *testing.T) {
	got, err := Parse("f", []byte("name: x\ntopology:\n  nodes: {R1: {kind: ios}, R2: {kind: ios}}\n  links:\n"+
		"  - {endpoints: [\"R1:e0/0\", {node: R2, interface: e0/0, vars: {impairments: {loss: 1%}}}], vars: {impairments: {delay: 9ms}, theirs: 1}}\n"+
		"  - {vars: {type: udp, endpoint: \"R1:e0/1\", local: \"127.0.0.1:1\", remote: \"127.0.0.1:2\", mtu: 1400}}\n"), nil)
	require.NoError(t, err)
	require.Equal(t, Impairments{Delay: 9 * time.Millisecond}, got.Links[0].Ends[0].Impairments)
	require.Equal(t, Impairments{Delay: 9 * time.Millisecond, Loss: 0.01}, got.Links[0].Ends[1].Impairments)
	require.Equal(t, LinkUDP, got.Links[1].Type)
	require.Equal(t, 1400, got.Links[1].Ends[0].Impairments.MTU)
	require.Len(t, got.Warnings, 1)
	require.Contains(t, got.Warnings[0].Error(), "\"theirs\" has no effect here")
}

func TestValues(t *testing.T) {
	rates := map[string]int64{"10mbit": 10_000_000, "512kbit": 512_000, "100": 100_000, "1gbit": 1_000_000_000, "64bit": 64, "0": 0}
	for in, want := range rates {
		got, err := parseRate(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"-1", "NaN", "1e30", "Inf", "", "kbit"} {
		_, err := parseRate(in)
		require.Error(t, err, in)
	}
	for _, in := range []string{"NaN", "-1%", "100.1", ""} {
		_, err := parsePercent(in)
		require.Error(t, err, in)
	}
}

func TestPortName(t *testing.T) {
	for in, want := range map[string]string{
		"Ethernet0/0": "Ethernet0/0", "e0/0": "Ethernet0/0", "Et 0/0": "Ethernet0/0", "eth0": "Ethernet0/0",
		"eth7": "Ethernet1/3", "f1/0": "FastEthernet1/0", "gi0/0/1": "GigabitEthernet0/0/1", "Te1": "TenGigabitEthernet1", "tw1/0/1": "TwoGigabitEthernet1/0/1", "twentyf1/0/1": "TwentyFiveGigE1/0/1", "hu0/0/0": "HundredGigE0/0/0",
	} {
		got, err := PortName(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"", "0/0", "Ethernet", "e0/0.1", "Vlan1", "Serial0/0", "eth-1", "e0/0/0/0", "e256", "lo0", "Tunnel0"} {
		_, err := PortName(in)
		require.Error(t, err, in)
	}
}

func TestEmbeddedLabsLoad(t *testing.T) {
	require.Equal(t, []string{"psk-site-to-site", "aes-gcm-site-to-site", "certificates-site-to-site", "crypto-map-site-to-site", "flexvpn-hub", "hub-and-spoke", "nat-site-to-site", "post-quantum-site-to-site", "redundant-gateway", "xe-site-to-site"}, LabNames())
	for _, name := range LabNames() {
		lab, err := Embedded(name)
		require.NoError(t, err)
		require.Equal(t, name, lab.Name)
		require.NotEmpty(t, lab.Description)
		require.Empty(t, lab.Warnings)
	}
	_, err := Embedded("nope")
	require.EqualError(t, err, `topologies: there is no lab "nope"`)
}

func FuzzTopology(f *testing.F) {
	for _, name := range LabNames() {
		data, err := labFiles.ReadFile("labs/" + name + "/" + labFile)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte("name: x\ntopology:\n  nodes:\n    R1:\n      kind: ios\n      startup-config: |\n        interface e0/0\n         ip address 1.1.1.1 255.0.0.0\n"))
	f.Add([]byte("a: &a\n  <<: *a\nname: x\ntopology: *a"))
	f.Add([]byte(twoNodes + "  links:\n  - {type: udp, endpoint: \"R1:e0/0\", local: \"1\", remote: \"2\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lab, err := Parse("f", data, files(map[string]string{"r1.cfg": "!"}))
		if (lab == nil) == (err == nil) {
			t.Fatalf("topology %v, error %v", lab, err)
		}
		if lab == nil {
			return
		}
		for _, l := range lab.Links {
			for _, e := range l.Ends {
				require.NotNil(t, lab.Node(e.Node))
			}
		}
		require.Len(t, lab.Ports(), len(lab.Nodes))
	})
}

// TestByteOrderMark: what an editor puts before a text is no part of it.
func TestByteOrderMark(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	text := "name: x\ntopology: {nodes: {R1: {kind: ios, startup-config: r1.cfg}}}"
	got, err := Parse("f", []byte(mark+text), files(map[string]string{"r1.cfg": mark + "hostname A\n"}))
	require.NoError(t, err)
	require.Equal(t, "hostname A\n", got.Node("R1").Config)
	errors := CheckConfig("r1.cfg", mark+"hostname A\n", "").Errors
	require.Empty(t, errors)
}

// TestFilesHaveALimit: /dev/zero is no configuration.
func TestFilesHaveALimit(t *testing.T) {
	huge := make([]byte, form.MaxFile+1)
	text := "name: x\ntopology: {nodes: {R1: {kind: ios, startup-config: /dev/zero}}}"
	_, err := Parse("f", []byte(text), func(string) ([]byte, error) { return huge, nil })
	require.EqualError(t, err, "f:2:52: startup-config: /dev/zero: the file is larger than 16 MiB, which no lab needs")
	_, err = Parse("f", huge, nil)
	require.EqualError(t, err, "f: the file is larger than 16 MiB, which no lab needs")
	errors := CheckConfig("f", string(huge), "").Errors
	require.Len(t, errors, 1)
}
