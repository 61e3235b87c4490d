package topologies

import (
	"fmt"
	"net/netip"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// loadRogue reads what only a peer that misbehaves has.
func loadRogue(r *reader, at *yaml.Node, n *Node, l *layer) {
	if n.Kind != KindRogue {
		for _, v := range []*yaml.Node{l.peer, l.key, l.suite} {
			if v != nil {
				r.Fail(v, "peer, key and suite belong to nodes of kind rogue")
			}
		}
		return
	}
	for _, a := range []struct {
		name string
		from *yaml.Node
		to   *netip.Addr
	}{{"address", l.address, &n.Rogue.Address}, {"peer", l.peer, &n.Rogue.Peer}} {
		if a.from == nil {
			r.Fail(at, "node %q is a rogue and has no %s", n.Name, a.name)
			continue
		}
		r.Read(a.from, scalar(a.to, a.name, "address", parseIPv4))
	}
	if l.key != nil {
		n.Rogue.Key = l.key.Value
	}
	if l.suite != nil {
		r.Read(l.suite, scalar(&n.Rogue.Suite, "suite", "suite", parseSuite))
	}
}

// onePort wants a link, and just one, of those who have a single port.
func onePort(r *reader, t *Topology) {
	links := map[string]int{}
	for _, l := range t.Links {
		for _, e := range l.Ends {
			links[e.Node]++
		}
	}
	for _, n := range t.Nodes {
		if n.Kind == KindRogue && links[n.Name] != 1 {
			r.Fail(r.keys[n.Name], "node %q is a rogue and has one link, not %d", n.Name, links[n.Name])
		}
	}
}

func parseIPv4(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return a, fmt.Errorf("%q is not an IPv4 address such as 10.0.0.66", s)
	}
	return a, nil
}

// suiteForm is what a suite looks like; the words are the peer's own matter.
var suiteForm = regexp.MustCompile(`^aes-cbc-(128|192|256) +sha(1|256|384|512) +(19|20|21)$`)

func parseSuite(s string) (string, error) {
	if !suiteForm.MatchString(s) {
		return "", fmt.Errorf("%q is not a suite such as \"aes-cbc-128 sha256 19\": aes-cbc-128, -192 or -256, sha1, sha256, sha384 or sha512, group 19, 20 or 21", s)
	}
	return s, nil
}
