package policy

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/acl"
	"ikelab/router/nat"
)

// NAT is what a router's configuration says of translation.
type NAT struct {
	nat.Settings
	Translated
	Fits []func(packet []byte, out string) bool // which packets each static mapping is for; nil: for all
}

// Translated is what a router goes by beside its translator.
type Translated struct {
	Rules  []NATRule
	Inside []string // names of the interfaces
	Outs   []string // those outside
	Named  []string // whose addresses are the global ones
}

// NATRule is a rule that may depend on the way out.
type NATRule struct {
	nat.Rule
	Fits func(packet []byte, out string) bool
}

// NATOf reads it. address is the one that an interface has now.
func NATOf(c *iosconfig.Config, lists acl.Lists, address func(name string) netip.Addr) NAT {
	n := NAT{Settings: nat.RouterDefaults()}
	n.Reserved = []uint16{500, 4500} // at which the router's own IKE listens
	for i := range c.Interfaces.All() {
		switch NATSide(i) {
		case iosconfig.NATInside:
			n.Inside = append(n.Inside, i.Name())
		case iosconfig.NATOutside:
			n.Outs = append(n.Outs, i.Name())
		}
	}
	for s := range c.NAT.Static.All() {
		m := nat.Static{Protocol: natProtocols[s.Protocol], Outside: s.Global, Port: uint16(s.GlobalPort), Inside: netip.AddrPortFrom(s.Local, uint16(s.LocalPort))}
		if s.Interface != "" {
			n.Named = append(n.Named, s.Interface)
			m.Outside = address(s.Interface)
		}
		fits := routeMap(c, s.RouteMap, lists)
		if m.Outside.IsValid() && (s.RouteMap == "" || fits != nil) {
			n.Static, n.Fits = append(n.Static, m), append(n.Fits, fits)
		}
	}
	for r := range c.NAT.Sources.All() {
		n.Named = append(n.Named, r.Interface)
		if rule, ok := natRule(c, r, lists, address); ok {
			n.Rules = append(n.Rules, rule)
		}
	}
	natTimeouts(&n.Settings, c)
	return n
}

// NATSide is the side of the translation on which an interface is; "": none, as in a VRF.
func NATSide(i *iosconfig.Interface) string {
	if i.VRF != "" {
		return ""
	}
	return i.NAT
}

var natProtocols = map[string]uint8{"": 0, "tcp": 6, "udp": 17}

// natTimeouts are those of `ip nat translation`: the general one is for mappings of
// whole addresses.
func natTimeouts(s *nat.Settings, c *iosconfig.Config) {
	for word, field := range map[string]*time.Duration{"timeout": &s.Whole, "tcp-timeout": &s.TCP, "udp-timeout": &s.UDP, "icmp-timeout": &s.Echo} {
		if t := c.NAT.Timeouts.Get(word); t != nil {
			*field = time.Duration(t.Seconds) * time.Second
		}
	}
	if t := c.NAT.Timeouts.Get("max-entries"); t != nil {
		s.Most = t.Seconds
	}
}

// natRule is a rule at work; false: it has no addresses, or nothing to match.
func natRule(c *iosconfig.Config, r *iosconfig.NATSource, lists acl.Lists, address func(string) netip.Addr) (NATRule, bool) {
	rule := NATRule{Rule: nat.Rule{Name: r.String(), Overload: r.Overload}, Fits: natMatch(c, r, lists)}
	switch pool := c.NAT.Pools.Get(r.Pool); {
	case r.Interface != "":
		rule.First = address(r.Interface)
		rule.Last, rule.Overload = rule.First, true // which goes without saying
	case pool != nil:
		rule.First, rule.Last = pool.First, pool.Last
	}
	return rule, rule.First.IsValid() && rule.Fits != nil
}

// natMatch is what a rule asks of a packet; nil: it fits none, since there is no such
// list.
func natMatch(c *iosconfig.Config, r *iosconfig.NATSource, lists acl.Lists) func([]byte, string) bool {
	switch {
	case r.RouteMap != "":
		return routeMap(c, r.RouteMap, lists)
	case c.Access.Get(r.List) == nil:
		return nil
	}
	list := lists.Get(r.List)
	return func(packet []byte, _ string) bool { return list.Permits(packet) }
}

// clauseOf is a clause of a route map: lists and ways out of which one must fit.
type clauseOf struct {
	sequence int
	deny     bool
	lists    []*acl.List
	outs     []string
}

// routeMap reads what a route map matches: its clauses by their numbers, of which the
// first that fits permits or denies.
func routeMap(c *iosconfig.Config, name string, lists acl.Lists) func([]byte, string) bool {
	var clauses []clauseOf
	family := c.Texts.Family("route-map")
	for t := range family.All() {
		words := strings.Fields(t.Line)
		if len(words) < 2 || words[1] != name {
			continue
		}
		clauses = append(clauses, clauseFrom(words, t, lists))
	}
	if len(clauses) == 0 {
		return nil
	}
	slices.SortStableFunc(clauses, func(a, b clauseOf) int { return a.sequence - b.sequence })
	return func(packet []byte, out string) bool {
		for i := range clauses {
			if clauses[i].fits(packet, out) {
				return !clauses[i].deny
			}
		}
		return false
	}
}

func clauseFrom(words []string, t *iosconfig.Text, lists acl.Lists) clauseOf {
	clause := clauseOf{sequence: 10}
	for _, w := range words[2:] {
		if n, err := strconv.Atoi(w); err == nil {
			clause.sequence = n
		}
		clause.deny = clause.deny || w == "deny"
	}
	for below := range t.Below.All() {
		switch m := strings.Fields(below.Line); {
		case len(m) > 3 && m[0] == "match" && m[1] == "ip" && m[2] == "address":
			for _, name := range m[3:] {
				clause.lists = append(clause.lists, lists.Get(name))
			}
		case len(m) > 2 && m[0] == "match" && m[1] == "interface":
			for _, name := range m[2:] {
				if i := iosconfig.NewInterface(name); i != nil {
					clause.outs = append(clause.outs, i.Name())
				}
			}
		}
	}
	return clause
}

func (c *clauseOf) fits(packet []byte, out string) bool {
	return (len(c.lists) == 0 || slices.ContainsFunc(c.lists, func(l *acl.List) bool { return l.Permits(packet) })) &&
		(len(c.outs) == 0 || slices.Contains(c.outs, out))
}
