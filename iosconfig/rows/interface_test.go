package rows

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
)

// TestSubinterfaces have a mode of their own, and no address without a VLAN.
func TestSubinterfaces(t *testing.T) {
	s := sessionIn(t, "config-subif")
	_, err := s.Enter("ip address 10.1.0.1 255.255.255.0")
	require.ErrorContains(t, err, "is only allowed if that\nsubinterface is already configured as part of an IEEE 802.10, IEEE 802.1Q,\nor ISL vLAN.")
	for _, line := range []string{"encapsulation dot1q 0", "encapsulation dot1q 4095", "encapsulation isl 7", "duplex full"} {
		_, err = s.Enter(line)
		require.ErrorAs(t, err, &syntax.ErrInvalid{}, line)
	}
	s.enter(t, "encap dot1q 100 native", "ip address 10.1.0.1 255.255.255.0")
	require.Subset(t, Running(s.store.Running()), []string{"interface Ethernet0/0.1", " encapsulation dot1Q 100 native", " ip address 10.1.0.1 255.255.255.0"})
	s.enter(t, "interface Ethernet0/0.2")
	_, err = s.Enter("encapsulation dot1Q 100")
	require.ErrorContains(t, err, "%Configuration of multiple subinterfaces of the same main\ninterface with the same VID (100) is not permitted.\nThis VID is already configured on Ethernet0/0.1.")
	s.enter(t, "encapsulation dot1Q 101", "interface Ethernet0/1.2", "encapsulation dot1Q 100", "interface Ethernet0/0.1")
	s.enter(t, "no encapsulation dot1Q 100")
	require.Equal(t, "Ethernet0/0.1", s.store.Running().Interface("Ethernet0/0.1").Name())
	require.False(t, s.store.Running().Interface("Ethernet0/0.1").Address.IsValid())
	for _, line := range []string{"interface Ethernet0/0", "interface Vlan7", "interface Port-channel1"} {
		s.enter(t, line)
		_, err = s.Enter("encapsulation dot1Q 7")
		require.ErrorAs(t, err, &syntax.ErrInvalid{}, line)
	}
}

// TestSiblings are found without a look at other interfaces, as a file with thousands of
// subinterfaces wants it.
func TestSiblings(t *testing.T) {
	s := sessionIn(t, "config")
	for _, name := range []string{"Ethernet0/0", "Ethernet0/0.1", "Ethernet0/0.20", "Ethernet0/1.1", "Ethernet0/0/1", "Ethernet0/0/0.3", "GigabitEthernet0/0.1", "Loopback0"} {
		s.enter(t, "interface "+name)
	}
	of := func(name string) (list []string) {
		c := s.store.Running()
		for i := range c.Interfaces.Siblings(c.Interface(name)) {
			list = append(list, i.Name())
		}
		return list
	}
	require.Equal(t, []string{"Ethernet0/0.1", "Ethernet0/0.20"}, of("Ethernet0/0.20"))
	require.Equal(t, []string{"Ethernet0/1.1"}, of("Ethernet0/1.1"))
	require.Equal(t, []string{"Ethernet0/0/0.3"}, of("Ethernet0/0/0.3"))
}

// TestNullHasNoAddress, nor anything else but its unreachables.
func TestNullHasNoAddress(t *testing.T) {
	s := sessionIn(t, "config-if (null)")
	for _, line := range []string{"ip address 10.1.0.1 255.255.255.0", "shutdown", "description x", "ip mtu 1400", "tunnel ttl 7"} {
		_, err := s.Enter(line)
		require.ErrorAs(t, err, &syntax.ErrInvalid{}, line)
	}
	s.enter(t, "no ip unreachables")
	require.Subset(t, Running(s.store.Running()), []string{"interface Null0", " no ip unreachables"})
}

// TestHashesHaveTheirShape: what is no hash of its type is refused.
func TestHashesHaveTheirShape(t *testing.T) {
	const eight = "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs"
	good := []string{"5 $1$abcd1234$2uW3ulNSsCppUKwdkf7Nd/", "5 $1$salt$2uW3ulNSsCppUKwdkf7Nd/", "8 " + eight, "9 " + "$9" + eight[2:], "4 7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs", "0 x", "x", "5x y"}
	for _, command := range []string{"enable secret ", "username u secret ", "username u privilege 15 secret "} {
		s := sessionIn(t, "config")
		for _, text := range good {
			s.enter(t, command+text)
		}
		for _, text := range []string{
			"5 nonsense", "5 $1$toolongsalt$2uW3ulNSsCppUKwdkf7Nd/", "5 $1$$2uW3ulNSsCppUKwdkf7Nd/", "5 $1$abcd$2uW3ulNSsCppUKwdkf7Nd", "5 $1$ab!d$2uW3ulNSsCppUKwdkf7Nd/", "5 " + eight,
			"5 $8$abcd1234$2uW3ulNSsCppUKwdkf7Nd/", "8 nonsense", "8 $9" + eight[2:], "9 " + eight, "8 " + eight + "x", "8 $8$short$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs", "4 nonsense", "4 " + eight,
		} {
			before := s.store.Running()
			_, err := s.Enter(command + text)
			require.ErrorContains(t, err, "ERROR: The secret you entered is not a valid encrypted secret.\n"+
				"To enter an UNENCRYPTED secret, do not specify type "+text[:1]+" encryption.\nWhen you properly enter an UNENCRYPTED secret, it will be encrypted.", text)
			require.Same(t, before, s.store.Running())
		}
		errs := Load(command+"5 nonsense\n", "15.1").Refused
		require.Len(t, errs, 1)
	}
	s := sessionIn(t, "config")
	for _, text := range []string{"7 nonsense", "7 0", "7 99", "7 0822455D0A1"} {
		_, err := s.Enter("enable password " + text)
		require.EqualError(t, err, "syntax: refused: Invalid encrypted password: <removed>")
	}
	s.enter(t, "enable password 7 0822455D0A16", "enable password 7up", "enable password 0 7")
}

// TestUnnumbered interfaces have no address of their own; whose they use is a numbered
// one that there is.
func TestUnnumbered(t *testing.T) {
	s := sessionIn(t, "config-if (tunnel)")
	_, err := s.Enter("ip unnumbered Loopback7")
	require.ErrorAs(t, err, &syntax.ErrInvalid{}, "there is none")
	s.enter(t, "interface Loopback7", "interface Tunnel1", "ip address 10.0.0.1 255.255.255.0", "ip unnumbered Loopback7", "interface Tunnel0")
	for _, lender := range []string{"Tunnel0", "Tunnel1"} {
		_, err = s.Enter("ip unnumbered " + lender)
		require.ErrorContains(t, err, "Cannot use an unnumbered interface: "+lender)
	}
	require.Subset(t, Running(s.store.Running()), []string{"interface Tunnel1", " ip unnumbered Loopback7"})
	require.False(t, s.store.Running().Interface("Tunnel1").Address.IsValid())
	s.enter(t, "interface Tunnel1", "ip address 10.0.0.1 255.255.255.0")
	require.Empty(t, s.store.Running().Interface("Tunnel1").Unnumbered)
	s.enter(t, "ip unnumbered Loopback7", "no ip unnumbered")
	require.Empty(t, s.store.Running().Interface("Tunnel1").Unnumbered)
	s.enter(t, "ip unnumbered Ethernet0/0", "ip unnumbered Loopback7", "no interface Loopback7")
	require.Empty(t, s.store.Running().Interface("Tunnel1").Unnumbered, "it went with the interface")
	s.enter(t, "interface Ethernet0/0")
	_, err = s.Enter("ip unnumbered Loopback7")
	require.ErrorContains(t, err, "Point-to-point (non-multi-access) interfaces only")
}

// In a file the interface may come later; what never comes is told.
func TestUnnumberedInFiles(t *testing.T) {
	require.Empty(t, warnings(t, "interface Tunnel0\n ip unnumbered Tunnel1\ninterface Tunnel1\n ip address 10.0.0.1 255.255.255.0\n"))
	require.Equal(t, []string{"2:2: % Tunnel0: interface Loopback9 does not exist"}, warnings(t, "interface Tunnel0\n ip unnumbered Loopback9\n"))
	const lent = "ip vrf RED\ninterface Loopback0\n%s ip address 10.0.0.1 255.255.255.0\ninterface Tunnel0\n%s ip unnumbered Loopback0\n"
	const in = " ip vrf forwarding RED\n"
	require.Equal(t, []string{"6:2: % Tunnel0: interface Loopback0 is in another VRF and lends no address here"}, warnings(t, fmt.Sprintf(lent, in, "")))
	require.Equal(t, []string{"6:2: % Tunnel0: interface Loopback0 is in another VRF and lends no address here"}, warnings(t, fmt.Sprintf(lent, "", in)))
	require.Empty(t, warnings(t, fmt.Sprintf(lent, in, in)))
}

// What says where an interface has its address from leaves it in its VRF; NAT says that it
// has no effect there.
func TestAddressesInVRFs(t *testing.T) {
	for _, line := range []string{"ip unnumbered Loopback0", "ip address negotiated", "ip address 10.0.0.1 255.255.255.0"} {
		s := sessionIn(t, "config")
		s.enter(t, "ip vrf RED", "interface Loopback0", "interface Tunnel0", "ip vrf forwarding RED", line, "no "+line)
		require.Equal(t, "RED", s.store.Running().Interface("Tunnel0").VRF, line)
	}
	s := sessionIn(t, "config-subif")
	s.enter(t, "encapsulation dot1q 5", "ip vrf RED", "interface Ethernet0/0.1", "ip vrf forwarding RED", "no encapsulation dot1q 5")
	require.Equal(t, "RED", s.store.Running().Interface("Ethernet0/0.1").VRF)
	const side = "ip vrf RED\ninterface Ethernet0/0\n ip nat inside\n%s"
	require.Equal(t, []string{"3:2: % Ethernet0/0: ip nat inside: accepted, but there is no NAT in a VRF here"}, warnings(t, fmt.Sprintf(side, " ip vrf forwarding RED\n")))
	require.Empty(t, warnings(t, fmt.Sprintf(side, "")))
}

// What IOS has before the protection of a tunnel stands before it here too: running-config of DMVPN hubs has
// source, mode, key, VRF and protection in this order.
func TestTunnelLinesInOrder(t *testing.T) {
	const text = "interface Tunnel0\n no ip address\n tunnel source Ethernet0/0\n tunnel destination 10.0.0.2\n tunnel key 101\n tunnel checksum\n tunnel vrf V\n" +
		" tunnel path-mtu-discovery\n tunnel protection ipsec profile P\n!"
	require.Contains(t, strings.Join(Running(load(t, "vrf definition V\n!\n"+text)), "\n"), text)
}

// TestContraryTunnel: a mode of one family with a destination of the other is told, whichever comes
// last; what a later line of a file settles is not.
func TestContraryTunnel(t *testing.T) {
	const says = "% tunnel mode ipsec ipv4: accepted, but tunnel destination 2001:db8:f::2 is an address of IPv6: Tunnel0 leads nowhere"
	require.Equal(t, []string{"3:2: " + says}, warnings(t, "interface Tunnel0\n tunnel mode ipsec ipv4\n tunnel destination 2001:db8:f::2\n"))
	require.Equal(t, []string{"3:2: " + says}, warnings(t, "interface Tunnel0\n tunnel destination 2001:db8:f::2\n tunnel mode ipsec ipv4\n"))
	for _, fine := range []string{"ipsec ipv6", "ipsec ipv6 v4-overlay", "ipsec dual-overlay"} {
		require.Empty(t, warnings(t, "interface Tunnel0\n tunnel mode ipsec ipv4\n tunnel destination 2001:db8:f::2\n tunnel mode "+fine+"\n"), fine)
	}
	require.Empty(t, warnings(t, "interface Tunnel0\n tunnel mode ipsec ipv4\n tunnel destination 2001:db8:f::2\n tunnel destination 10.0.0.2\n"))
}
