package verdict

import (
	"fmt"
	"slices"
	"strings"

	"ikelab/topologies"
)

// rekeyKind is what is rekeyed.
type rekeyKind int

const (
	ofChild rekeyKind = iota
	ofIKE
)

var kinds = [...]string{ofChild: "CHILD_SA", ofIKE: "IKE SA"}

// Lifetimes in seconds: of who makes no rekey, the longest that IOS takes.
const longest = "86400"

// hastened is the topology with routers that make all rekeys of a kind: lifetimes
// are each end's own affair in IKEv2 (RFC 7296 section 2.8).
func (p *Plan) hastened(who []*site, kind rekeyKind) *topologies.Topology {
	t := *p.Topology
	t.Nodes = nil
	for _, n := range p.Topology.Nodes {
		for _, o := range p.sites {
			if o.name != n.Name {
				continue
			}
			child, ike := longest, longest
			switch hasty := slices.Contains(who, o); {
			case hasty && kind == ofChild:
				child = forcedAge
			case hasty:
				ike = forcedAge
			}
			again := *n
			again.Config = withoutEnd(n.Config) + o.lifetimes(child, ike)
			n = &again
		}
		t.Nodes = append(t.Nodes, n)
	}
	return &t
}

// lifetimes are the lines that give all that a router negotiates other lifetimes.
func (s *site) lifetimes(child, ike string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "!\ncrypto ipsec security-association lifetime seconds %s\n", child)
	for p := range s.cfg.IKEv2.Profiles.All() {
		fmt.Fprintf(&b, "crypto ikev2 profile %s\n lifetime %s\n", p.Name, ike)
	}
	for p := range s.cfg.IPsec.Profiles.All() {
		fmt.Fprintf(&b, "crypto ipsec profile %s\n set security-association lifetime seconds %s\n", p.Name, child)
	}
	for m := range s.cfg.IPsec.Maps.All() {
		fmt.Fprintf(&b, "crypto map %s ipsec-isakmp\n set security-association lifetime seconds %s\n", m.Key(), child)
	}
	return b.String()
}

// withoutEnd is a configuration to which lines can be added: what follows `end` is not
// read.
func withoutEnd(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "end" {
			break
		}
		b.WriteString(line)
	}
	if text := b.String(); !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
	return b.String()
}
