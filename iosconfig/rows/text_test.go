package rows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// noise is what stands in configurations and cannot matter to a tunnel, as
// running-config shows it.
const noise = `service call-home
platform qfp utilization monitor load 80
no platform punt-keepalive disable-kernel-core
!
hostname R
!
aaa new-model
aaa group server tacacs+ ADMINS
 server-private 192.0.2.7 key 7 0822455D0A16
!
aaa authentication login default local
ip dhcp pool LAN
 network 10.1.1.0 255.255.255.0
 default-router 10.1.1.1
!
subscriber templating
multilink bundle-name authenticated
key chain K
 key 1
  key-string 7 0822455D0A16
!
archive
 log config
  logging enable
  hidekeys
 path flash:r
!
spanning-tree extend system-id
redundancy
!
track 1 ip sla 1 reachability
!
class-map match-any VOICE
 match dscp ef
!
policy-map QOS
 class VOICE
  priority percent 10
 class class-default
  fair-queue
!
macro name desk
switchport mode access
!
spanning-tree portfast
@
!
vrf definition RED
 rd 65000:1
 address-family ipv4
  route-target export 65000:1
 exit-address-family
!
crypto pki trustpoint SELF
 enrollment selfsigned
 subject-name cn=R
 revocation-check none
!
crypto pki certificate chain SELF
 certificate self-signed 01
  30820330 30820218 A0030201
  02020101 300D0609 2A864886
  quit
!
crypto isakmp policy 10
 encr aes
 authentication pre-share
!
crypto isakmp key cisco address 192.0.2.9
interface Ethernet0/0
 vrf forwarding RED
 ip address 10.0.0.1 255.255.255.0
 duplex auto
 ip ospf 1 area 0
 ip nhrp network-id 1
 no cdp enable
!
router ospf 1
 router-id 1.1.1.1
 network 10.2.0.0 0.0.255.255 area 0
 no auto-cost
!
router bgp 65000
 bgp log-neighbor-changes
 neighbor 10.0.0.2 remote-as 65001
 address-family ipv4
  network 10.3.0.0 mask 255.255.255.0
  neighbor 10.0.0.2 activate
 exit-address-family
!
ip route vrf RED 0.0.0.0 0.0.0.0 10.0.0.2
ip prefix-list P seq 5 permit 10.0.0.0/8 le 24
ip forward-protocol nd
no ip http server
route-map M permit 10
 match ip address prefix-list P
!
ip sla 1
 icmp-echo 10.0.0.2 source-ip 10.0.0.1
 frequency 5
!
ip sla schedule 1 life forever start-time now
snmp-server community public RO
control-plane
line vty 0 4
 login
ntp server 192.0.2.1
event manager applet A
 event syslog pattern "UPDOWN"
 action 1.0 syslog msg "a  b"
!
`

// What cannot matter is kept in order, with what stands below it, as it was
// typed, and shown back at its place.
func TestTextIsKeptAsTyped(t *testing.T) {
	l := Load(noise, iosconfig.IOS151)
	require.Empty(t, l.Refused)
	shown := strings.Join(Running(l.Commit.After), "\n") + "\n"
	requireSame(t, l.Commit.After, load(t, shown), shown)
	at := 0
	for line := range strings.SplitSeq(noise, "\n") {
		if strings.TrimSpace(line) == "!" || line == "" {
			continue
		}
		next := strings.Index(shown[at:], "\n"+line+"\n")
		require.GreaterOrEqual(t, next, 0, "%q is not behind %q in\n%s", line, shown[max(0, at-80):at], shown)
		at += next + 1
	}
	flat := strings.ReplaceAll(strings.ReplaceAll(noise, "\n  ", "\n"), "\n ", "\n")
	l = Load(flat, iosconfig.IOS151)
	require.Empty(t, l.Refused, "nothing of it is indented")
	require.Equal(t, "10.0.0.1/24", l.Commit.After.Interface("Ethernet0/0").Address.String())
}

// Behind a section without lines a file that indents others has a command of global
// configuration, though the section has one of that word too.
func TestSectionWithoutLines(t *testing.T) {
	for text, global := range map[string]bool{
		"interface Loopback0\n no ip address\n!\nline vty 0 4\n!\nmonitor\n!\nend\n": true,
		"interface Loopback0\nno ip address\n!\nline vty 0 4\n!\nmonitor\n!\nend\n":  false, // nothing is indented
		"interface Loopback0\n no ip address\n!\nline vty 0 4\nmonitor\n!\nend\n":    false, // as IOS takes it
	} {
		l := Load(text, iosconfig.XE17)
		require.Empty(t, l.Refused, text)
		require.Equal(t, global, slices.Contains(Running(l.Commit.After), "monitor"), text)
	}
}

// Routing protocols carry no routes here, and say which networks will be missing;
// IKEv1 and instances say that they do nothing.
func TestTextSaysWhatIsMissing(t *testing.T) {
	var said []string
	for _, w := range Load(noise, iosconfig.IOS151).Warnings {
		said = append(said, w.Msg)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"% router ospf 1: accepted, but it carries no routes here: neighbours will lack 10.2.0.0/16, 10.0.0.0/24",
		"% router bgp 65000: accepted, but it carries no routes here: neighbours will lack 10.3.0.0/24",
		"% route-target export 65000:1: accepted, but no routes go from one VRF to another by themselves here, so it is without effect here",
		"% crypto isakmp: accepted, but IKEv1 is not spoken here: tunnels need an IKEv2 profile",
		"% ip nhrp: accepted, but there is no NHRP and no DMVPN here",
	} {
		require.Equal(t, 1, strings.Count(all+"\n", want+"\n"), "%s in\n%s", want, all)
	}
}

// A person is in the mode that IOS would be in, may begin a line there with the
// words that `?` offers, and takes away with `no`.
func TestTextModes(t *testing.T) {
	s := sessionIn(t, "config")
	for _, step := range []struct{ line, mode string }{
		{"router bgp 65000", "config-router"},
		{"nei 10.0.0.2 remote-as 1", "config-router"},
		{"address-family ipv4", "config-router-af"},
		{"neighbor 10.0.0.2 activate", "config-router-af"},
		{"exit-address-family", "config-router"},
		{"no synchronization", "config-router"},
		{"snmp-server community x", "config"},
		{"ip sla 1", "config-ip-sla"},
		{"icmp-echo 10.0.0.2", "config-ip-sla-echo"},
		{"frequency 5", "config-ip-sla-echo"},
		{"track 1 ip sla 1 reachability", "config-track"},
		{"interface Ethernet0/0", "config-if"},
		{"ip ospf 1 area 0", "config-if"},
		{"ip nat inside", "config-if"},
		{"no snmp-server community", "config"},
		{"no ip sla 1", "config"},
		{"redundancy", "config-red"},
	} {
		s.enter(t, step.line)
		require.Equal(t, step.mode, s.Mode(), step.line)
	}
	running := strings.Join(Running(s.store.Running()), "\n")
	require.Contains(t, running, "router bgp 65000\n neighbor 10.0.0.2 remote-as 1\n address-family ipv4\n  neighbor 10.0.0.2 activate\n exit-address-family\n no synchronization\n!")
	require.NotContains(t, running, "snmp")
	require.NotContains(t, running, "icmp-echo")
	s.enter(t, "router bgp 65000", "no neighbor 10.0.0.2", "exit", "no router bgp 65000")
	require.NotContains(t, strings.Join(Running(s.store.Running()), "\n"), "bgp")
	s.enter(t, "router ospf 1")
	_, err := s.Enter("netwrok 10.0.0.0")
	require.Error(t, err, "a person is told of what is no word there")
	_, err = s.Enter("ip route 10.9.0.0 255.255.0.0 Null0")
	require.NoError(t, err)
	require.Equal(t, "config", s.Mode())
}

// TestTextsBeforeLines: what stands behind a text that has other commands with the same first word is the router's.
func TestTextsBeforeLines(t *testing.T) {
	s := sessionIn(t, "config")
	s.enter(t, "aaa group server tacacs+ G", "server name X", "ip vrf forwarding M", "ip tacacs source-interface Loopback0", "ip route 10.9.0.0 255.255.0.0 Null0",
		"aaa group server radius R", "ip domain name example.com", "archive", "log config", "logging enable", "logging size 200", "logging host 10.0.0.9")
	require.Equal(t, "config", s.Mode())
	running := "\n" + strings.Join(Running(s.store.Running()), "\n")
	for _, want := range []string{
		"aaa group server tacacs+ G\n server name X\n ip vrf forwarding M\n ip tacacs source-interface Loopback0\n", "\nip route 10.9.0.0 255.255.0.0 Null0\n",
		"\nip domain name example.com\n", " log config\n  logging enable\n  logging size 200\n", "\nlogging host 10.0.0.9\n",
	} {
		require.Contains(t, running, want)
	}
}

// TestTextsSideBySide: a line that begins another text is no abbreviated word of the one before it.
func TestTextsSideBySide(t *testing.T) {
	s := sessionIn(t, "config")
	s.enter(t, "router ospf 1", "network 10.0.0.0 0.0.0.255 area 0", "router bgp 65000", "address-family ipv4", "network 10.1.0.0",
		"router eigrp 7", "router-i 1.1.1.1", "key chain K", "key 1", "key-string one", "key chain L", "key 2", "key-s two",
		"archive", "log config", "logging enable", "hidekeys", "path flash:")
	require.Equal(t, "config-archive", s.Mode())
	text := strings.Join(Running(s.store.Running()), "\n")
	for _, want := range []string{
		"router ospf 1\n network 10.0.0.0 0.0.0.255 area 0\n!\n", "router bgp 65000\n address-family ipv4\n  network 10.1.0.0\n", "router eigrp 7\n router-id 1.1.1.1\n",
		"key chain K\n key 1\n  key-string one\n!\nkey chain L\n key 2\n  key-string two\n", "archive\n log config\n  logging enable\n  hidekeys\n path flash:\n",
	} {
		require.Contains(t, text, want)
	}
}

// What follows a word like "key" is told to nobody.
func TestTextHidesSecrets(t *testing.T) {
	s := sessionIn(t, "config")
	for line, want := range map[string]string{
		"snmp-server community public RO":          "snmp-server community <removed>",
		"tacacs-server host 1.1.1.1 key cisco":     "tacacs-server host 1.1.1.1 key <removed>",
		"crypto isakmp key cisco address 1.1.1.1":  "crypto isakmp key <removed>",
		"ntp authentication-key 1 md5 0822 7":      "ntp authentication-key <removed>",
		"ntp server 192.0.2.1":                     "ntp server 192.0.2.1",
		"ip prefix-list P seq 5 permit 10.0.0.0/8": "ip prefix-list P seq 5 permit 10.0.0.0/8",
	} {
		require.Equal(t, want, s.Public(line))
		result, err := s.Enter(line)
		require.NoError(t, err)
		require.Equal(t, want, result.Commit.Changes[0].Public)
	}
	s.enter(t, "key chain K", "key 1")
	require.Equal(t, "key-string <removed>", s.Public("key-string cisco"))
}

// A text costs what it adds: 10,000 lines are no hundred times 100.
func TestTextCostsWhatItAdds(t *testing.T) {
	cost := func(n int) uint64 {
		octets, _ := loadCost(t, n, func(i int) string {
			if i == 0 {
				return "router bgp 1\n"
			}
			return " neighbor 10.0." + string(rune('0'+i%10)) + "." + strings.Repeat("1", i%7+1) + " description " + strings.Repeat("x", i%200) + "\n"
		})
		return octets
	}
	require.Less(t, cost(4000), 8*cost(1000))
}

// A line of an access list costs what it adds, however long the list is.
func TestAccessListCostsWhatItAdds(t *testing.T) {
	cost := func(n int) uint64 {
		octets, _ := loadCost(t, n, func(i int) string {
			if i == 0 {
				return "ip access-list extended A\n"
			}
			return fmt.Sprintf(" permit tcp host 10.0.%d.%d any eq 80\n", i/250, i%250)
		})
		return octets
	}
	require.Less(t, cost(4000), 12*cost(1000)) // a list's lines are pointers, which an edit copies
}
