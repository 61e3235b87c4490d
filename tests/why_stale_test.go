package tests

import "testing"

// saysStale is what is said of one that sends by SAs which the other end has given up.
func saysStale(at, from string) []string {
	return []string{at + " got ESP from " + from + " for an SA that it does not have", "no dead peer detection", "crypto.refused", "outbound_spi", "to type: " + from + ": crypto ikev2 dpd 10 3 periodic", "to type: " + from + ": clear crypto session"}
}

// TestWhyOfStaleSAs: a hub has given the SAs of a client up, and the client, which never asks for it,
// goes on encrypting by them.
func TestWhyOfStaleSAs(t *testing.T) {
	const ask, head = "CLIENT1: ping 10.1.0.1 source Loopback1", "crypto ikev2 profile FLEX\n"
	dpd := []string{"HUB", head, head + " dpd 10 2 periodic\n"}
	away := []string{"CLIENT1: configure terminal", "CLIENT1: interface GigabitEthernet1", "CLIENT1: shutdown", "wait 2m", "CLIENT1: no shutdown", "CLIENT1: end", "wait 1m", ask}
	whyCases(t, "flexvpn-hub", []whyCase{
		{"nobody has asked for anything else", dpd, away, []whyAnswer{{"CLIENT1 Tunnel0", "spi", append(saysStale("HUB", "CLIENT1"), "packets that it should carry are lost"), nil}, {tunnel: "CLIENT2 Tunnel0"}}},
		{"the client asks for new ones", dpd, append(away, "CLIENT1: clear crypto session", "wait 1m", ask), []whyAnswer{{tunnel: "CLIENT1 Tunnel0"}}},
	})
}

// TestWhyOfStaleMaps: the same of crypto maps, of which none asks before it has a packet.
func TestWhyOfStaleMaps(t *testing.T) {
	both := func(cause string, says []string) []whyAnswer {
		return []whyAnswer{{"R1 Ethernet0/0", cause, says, nil}, {"R2 Ethernet0/0", cause, says, nil}}
	}
	const head, there, back = "crypto ikev2 profile SITE\n", "ping H1 192.168.2.10", "ping H2 192.168.1.10"
	dpd := []string{"R1", head, head + " dpd 10 2 periodic\n"}
	away := []string{there, "partition R2", "wait 2m", "heal", "wait 10s", back}
	whyCases(t, "crypto-map-site-to-site", []whyCase{
		{"nobody has asked for anything else", dpd, away, both("spi", saysStale("R1", "R2"))},
		{"the other end asks for new ones", dpd, append(away, there, back), both("", nil)},
	})
}

// TestWhyOfEndsThatAreDown: an end that nobody tells so keeps its SAs while the other end is down, and is
// as little well as that.
func TestWhyOfEndsThatAreDown(t *testing.T) {
	shut := func(port string) []string {
		return []string{"ping HB 10.9.0.10", "RB: configure terminal", "RB: interface " + port, "RB: shutdown", "RB: end", "wait 5m", "ping HB 10.9.0.10", "wait 1m"}
	}
	both := func(cause string, says ...string) []whyAnswer {
		return []whyAnswer{{"PE Tunnel2", cause, says, nil}, {"RB Tunnel1", cause, says, nil}, {tunnel: "PE Tunnel1"}, {tunnel: "RA Tunnel1"}}
	}
	again := []string{"RB: configure terminal", "RB: interface Ethernet0/0", "RB: no shutdown", "RB: end", "wait 2m", "ping HB 10.9.0.10"}
	const begins = "Tunnel1 of RB begins at Ethernet0/0, which is not up"
	whyCases(t, "customers", []whyCase{
		{"the interface where it begins is shut down", nil, shut("Ethernet0/0"), both("path.source", begins, "to type: RB: interface Ethernet0/0: no shutdown")},
		{"its cable is out", nil, []string{"ping HB 10.9.0.10", "link RB:Ethernet0/0 down", "wait 5m", "ping HB 10.9.0.10"}, both("path.source", begins)},
		{"it is up again", nil, append(shut("Ethernet0/0"), again...), both("")},
		{"it was away when the tunnel was shut down", nil, append(shut("Ethernet0/0"), "PE: configure terminal", "PE: interface Tunnel2", "PE: shutdown", "PE: end", "RB: configure terminal", "RB: interface Ethernet0/0", "RB: no shutdown", "RB: end", "wait 1m", "RB: ping 10.0.0.10 source Ethernet0/1"),
			both("path.shutdown", "to type: PE: interface Tunnel2: no shutdown")},
	})
}
