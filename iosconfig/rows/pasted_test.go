package rows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
)

// What is said below a range is said of each of its interfaces, or of none.
func TestInterfaceRange(t *testing.T) {
	for list, want := range map[string]string{
		"e0/0-1":                          "Ethernet0/0 Ethernet0/1",
		"Ethernet 0/0 - 2 , Loopback1":    "Ethernet0/0 Ethernet0/1 Ethernet0/2 Loopback1",
		"gi1-2,gi4":                       "GigabitEthernet1 GigabitEthernet2 GigabitEthernet4",
		"Port-channel1 - 2":               "Port-channel1 Port-channel2",
		"g0/0/0 - 1":                      "GigabitEthernet0/0/0 GigabitEthernet0/0/1",
		"e0/1.10":                         "Ethernet0/1.10",
		"e0/1-0":                          "",
		"e0/0-300":                        "",
		"e0/0-":                           "",
		"widget1-2":                       "",
		"":                                "",
		"lo0-100000":                      "",
		"lo0-999,lo2000-2999,lo4000-4999": "",
	} {
		names, ok := syntax.InterfaceRange(list)
		require.Equal(t, want != "", ok, list)
		require.Equal(t, want, strings.Join(names, " "), list)
	}
	s := sessionIn(t, "config")
	s.enter(t, "int range e0/0-1 , lo5", "description all of them", "shutdown")
	require.Equal(t, "config-if-range", s.Mode())
	for _, name := range []string{"Ethernet0/0", "Ethernet0/1", "Loopback5"} {
		require.True(t, s.store.Running().Interface(name).Shutdown, name)
	}
	before := s.store.Running()
	_, err := s.Enter("ip address 10.0.0.1 255.255.255.0")
	require.Error(t, err, "two of them cannot have it")
	require.Same(t, before, s.store.Running(), "and so none has it")
	result, err := s.Enter("no shutdown")
	require.NoError(t, err)
	require.Len(t, result.Commit.Changes, 3)
}

// Every form of a static route comes back as it was.
func TestRouteForms(t *testing.T) {
	for _, line := range []string{
		"ip route 10.0.0.0 255.0.0.0 Null0 254",
		"ip route 10.1.0.0 255.255.0.0 Ethernet0/0 10.0.0.2 20 tag 7 name \"to the far side\" track 3",
		"ip route 10.2.0.0 255.255.0.0 10.0.0.2 tag 4294967295 name X permanent",
		"ip route 0.0.0.0 0.0.0.0 dhcp 250",
	} {
		require.Contains(t, Running(load(t, line+"\n")), line)
	}
	require.Contains(t, Running(load(t, "ip route 10.3.0.0 255.255.0.0 Tunnel0 name back 30 track 2\n")), "ip route 10.3.0.0 255.255.0.0 Tunnel0 30 name back track 2")
	require.Equal(t, []string{"3:1: % IP SLA 1 runs once and stays: here ageout and recurring have no effect"},
		warnings(t, "ip sla 1\n icmp-echo 10.0.0.1\nip sla schedule 1 life 60 start-time now recurring\n"))
	require.Equal(t, []string{"1:1: % ip route 10.3.0.0 255.255.0.0 10.0.0.2 track 2: Track object 2 does not exist: the route is not used"},
		warnings(t, "ip route 10.3.0.0 255.255.0.0 10.0.0.2 track 2\n"))
}

// A line takes the place of one that says the same otherwise.
func TestAddressesAndModesThatOthersGive(t *testing.T) {
	s := sessionIn(t, "config-if (tunnel)")
	shown := func() string { return strings.Join(Running(s.store.Running()), "\n") }
	s.enter(t, "ip address negotiated", "tunnel mode gre multipoint")
	require.Contains(t, shown(), " ip address negotiated\n")
	require.NotContains(t, shown(), "no ip address")
	require.Contains(t, shown(), " tunnel mode gre multipoint\n")
	s.enter(t, "ip address 10.0.0.1 255.255.255.0", "tunnel mode ipsec ipv4")
	require.NotContains(t, shown(), "negotiated")
	require.NotContains(t, shown(), "multipoint")
	s.enter(t, "ip address dhcp", "no ip address")
	require.Contains(t, shown(), " no ip address\n")
	s.enter(t, "tunnel protection ipsec profile Z4 shared")
	require.Contains(t, shown(), " tunnel protection ipsec profile Z4 shared\n")
	s.enter(t, "exit", "interface Virtual-Template1 type tunnel", "tunnel protection ipsec profile Z4")
	require.Contains(t, shown(), "interface Virtual-Template1 type tunnel\n")
}
