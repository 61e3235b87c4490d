package rows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
)

// TestNATLines are shown back as IOS has them.
func TestNATLines(t *testing.T) {
	s := sessionIn(t, "config")
	lines := []string{
		"ip nat translation timeout 300", "ip nat translation max-entries 100",
		"ip nat pool P 203.0.113.10 203.0.113.20 netmask 255.255.255.0", "ip nat pool Q 203.0.113.30 203.0.113.31 prefix-length 24",
		"ip nat inside source list 10 pool P", "ip nat inside source list OTHER interface Ethernet0/0 overload", "ip nat inside source route-map MAP pool Q overload",
		"ip nat inside source static 10.1.1.1 203.0.113.5", "ip nat inside source static tcp 10.1.1.2 22 203.0.113.6 2222 extendable",
		"ip nat inside source static udp 10.1.1.3 500 interface Ethernet0/0 500", "ip nat inside source static 10.1.1.4 interface Ethernet0/1",
		"ip nat inside source static 10.1.1.5 203.0.113.8 route-map MAP", "ip nat inside source static tcp 10.1.1.6 25 203.0.113.8 25 route-map MAP extendable",
	}
	s.enter(t, lines...)
	require.Subset(t, Running(s.store.Running()), lines)
	s.enter(t, "interface Ethernet0/0", "ip nat outside", "interface Ethernet0/0", "no ip nat inside", "exit")
	require.Contains(t, Running(s.store.Running()), " ip nat outside")
	for _, row := range [][2]string{
		{"ip nat pool R 203.0.113.10 203.0.113.9 netmask 255.255.255.0", "%End address less than start address"},
		{"ip nat pool R 203.0.113.10 203.0.113.200 prefix-length 30", "%Pool R mask 255.255.255.252 too small; should be at least 255.255.255.0"},
		{"no ip nat pool P", "%Pool P in use, cannot destroy"},
		{"no ip nat inside source list NONE", "%Dynamic mapping not found"},
		{"no ip nat inside source static 10.1.1.9 203.0.113.5", "% Translation not found"},
		{"ip nat inside source static 10.1.1.9 203.0.113.5", "% similar static entry (10.1.1.1 -> 203.0.113.5) already exists"},
		{"ip nat inside source static tcp 10.1.1.9 22 203.0.113.6 2222", "% similar static entry (10.1.1.2 -> 203.0.113.6) already exists"},
	} {
		_, err := s.Enter(row[0])
		require.ErrorAs(t, err, &syntax.ErrRefused{}, row[0])
		require.ErrorContains(t, err, row[1])
	}
	for i := range lines {
		s.enter(t, "no "+lines[len(lines)-1-i])
	}
	for _, line := range Running(s.store.Running()) {
		require.NotContains(t, line, "ip nat pool")
		require.NotContains(t, line, "ip nat inside source")
	}
}
