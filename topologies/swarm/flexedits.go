package swarm

import (
	"fmt"
	"slices"
)

// again has clients come anew, that they be given what they are to have.
const again = "do clear crypto session"

// stranger is a name that nobody expects.
const stranger = "stranger.example"

// ofFlex are edits of an end of a FlexVPN tunnel; other is another transform, and pfs other groups.
func ofFlex(p *Plan, t *Tunnel, r *Router, other, pfs string) []change {
	name, tunnel, port := fmt.Sprintf("P%d", t.Number), "interface "+t.name(), "interface "+t.port()
	first := t
	if t.Client != r.Number {
		name, tunnel = servingOf(p, t), "interface "+template(p, t)
		for _, u := range served(p, r.Number) {
			if templateOf(p, u) == templateOf(p, t) {
				first = u
				break
			}
		}
	}
	profile := "crypto ipsec profile " + name
	list := []change{
		{[]string{tunnel, "shutdown"}, []string{tunnel, "no shutdown"}},
		{[]string{port, "shutdown"}, []string{port, "no shutdown"}},
		{[]string{profile, "set pfs " + pfs}, []string{profile, t.pfs()}},
		{[]string{profile, "set security-association lifetime seconds 150"}, []string{profile, r.seconds()}},
		{[]string{fmt.Sprintf("crypto ipsec transform-set T%d %s", first.Number, other), t.carrying()}, []string{first.transform(), t.carrying()}},
	}
	if t.Client == r.Number {
		return append(list, ofClient(p, t, r)...)
	}
	return append(list, ofHub(p, t, r)...)
}

func ofClient(p *Plan, t *Tunnel, r *Router) []change {
	const policy, profile = "crypto ikev2 authorization policy " + asking, "crypto ikev2 profile " + asking
	tunnel := "interface " + t.name()
	return []change{
		{[]string{tunnel, "no tunnel destination"}, []string{tunnel, t.destination(r.Number)}},
		{[]string{tunnel, "no ip address"}, []string{tunnel, "ip address negotiated", again}},
		{[]string{policy, "no route set access-list " + asking}, []string{policy, "route set access-list " + asking, again}},
		{[]string{policy, "no route set interface"}, []string{policy, "route set interface", again}},
		{[]string{profile, "lifetime 130"}, []string{profile, r.lifetime()}},
		{[]string{profile, "identity local fqdn " + stranger}, []string{profile, "identity local fqdn " + flexIdentity(p, r.Number)}},
	}
}

func ofHub(p *Plan, t *Tunnel, r *Router) []change {
	const policy = "crypto ikev2 authorization policy " + serving
	profile := "crypto ikev2 profile " + servingOf(p, t)
	cloned := fmt.Sprintf("virtual-template %d", templateOf(p, t))
	elsewhere := fmt.Sprintf("ip local pool %s 172.18.0.1 172.18.0.250", pool)
	gone := []string{r.pool(), "no " + r.pool()} // who saved while it was gone, and was reloaded, has none to take away
	return []change{
		{[]string{profile, "no " + cloned}, []string{profile, cloned}},
		{[]string{profile, "lifetime 130"}, []string{profile, r.lifetime()}},
		{gone, []string{r.pool()}},
		{slices.Concat(gone, []string{elsewhere}), []string{"no " + elsewhere, r.pool(), again}},
		{[]string{policy, "no pool " + pool}, []string{policy, "pool " + pool, again}},
		{[]string{policy, "no " + tellsAll}, []string{policy, tellsAll, again}},
		{[]string{profile, "identity local fqdn " + stranger}, []string{profile, "identity local fqdn " + flexIdentity(p, r.Number)}},
	}
}
