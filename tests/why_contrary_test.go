package tests

import "testing"

// TestWhyOfContraryModes: a tunnel whose mode is of one family and its destination of the other sends
// nothing, so that waiting does not help.
func TestWhyOfContraryModes(t *testing.T) {
	ask := []string{"wait 1m"}
	whyCases(t, "psk-site-to-site", []whyCase{
		{"the destination is of IPv6", []string{"R1", " tunnel destination 10.0.0.2\n", " tunnel destination 2001:db8:f::2\n"}, ask, []whyAnswer{{
			"R1 Tunnel0", "tunnel.mode", []string{"Tunnel0 of R1 leads nowhere: tunnel mode ipsec ipv4 makes packets of IPv4, and the tunnel's destination 2001:db8:f::2 is an address of IPv6.",
				"R1: interface Tunnel0: tunnel destination 2001:DB8:F::2", "R1: interface Tunnel0: tunnel mode ipsec ipv6 v4-overlay"}, []string{"by itself"}}}},
		{"the mode is of IPv6", []string{"R1", " tunnel mode ipsec ipv4\n", " tunnel mode ipsec ipv6\n"}, ask, []whyAnswer{
			{"R1 Tunnel0", "tunnel.mode", []string{"makes packets of IPv6", "R1: interface Tunnel0: tunnel mode ipsec ipv4 v6-overlay"}, nil},
			{"R2 Tunnel0", "tunnel.mode", []string{"Tunnel0 of R1 leads nowhere"}, nil}}},
	})
}
