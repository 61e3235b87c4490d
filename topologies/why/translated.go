package why

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/nat"
	"ikelab/router/operator"
	"ikelab/topologies/phrase"
)

// NAT before a crypto map: packets have other addresses when the lists of its entries are asked.

// untouched are the claims of packets that either end's crypto map does not see, as NAT leaves them.
func untouched(e *end) (list []Claim) {
	for _, o := range []*end{e, e.peer} {
		if o == nil {
			continue
		}
		if c, ok := translated(o); ok {
			list = append(list, c)
		}
	}
	return list
}

// translated says that packets which an entry's list permits have left in clear, since they were
// translated before.
func translated(e *end) (Claim, bool) {
	if e.entry == nil || e.carrier == nil || e.carrier.NAT != iosconfig.NATOutside || front(e) != "" {
		return Claim{}, false
	}
	typed := lately(e.w, e.name(), time.Time{}, func(operator.LineEntered) bool { return true })
	for _, f := range lately(e.w, e.name(), time.Time{}, func(m nat.Mapped) bool { return m.Remote.IsValid() }) {
		if len(typed) > 0 && f.ID.N() < typed[0].ID.N() { // a packet may come at the instant of the line, which took effect before
			break
		}
		m := f.body
		from, to, outside := m.Inside.Addr(), m.Remote.Addr(), m.Outside.Addr()
		wanted := permitting(e.cfg.Access.Get(e.entry.Match), between(m.Protocol, from, to))
		way, proof := e.wayTo("", to)
		if wanted == nil || way != e.port() || mapMayTake(e, crypto.Refused{Protocol: m.Protocol, From: outside, To: to}) {
			continue
		}
		_, lines := e.mapField("access_list_lines")
		c := Claim{Key: "map.nat", Evidence: []Evidence{seen(f), proof, lines}, Lines: e.wanted()}
		with := []any{"node", e.name(), "from", from, "to", to, "outside", outside, "list", e.entry.Match, "map", e.entry.Key()}
		c.Say = phrase.Of("why.map.translated", with...)
		unexempted(e, between(m.Protocol, from, to), wanted, with, &c)
		return c, true
	}
	return Claim{}, false
}

// mapMayTake says whether some entry of the end's crypto map may be for a packet.
func mapMayTake(e *end, packet crypto.Refused) bool {
	return slices.ContainsFunc(e.cfg.CryptoMap(e.entry.Name), func(m *iosconfig.CryptoMap) bool {
		return mayProtect(e.cfg.Access.Get(m.Match), packet)
	})
}

// between is a line of just a protocol's packets from one address to another.
func between(protocol uint8, from, to netip.Addr) *iosconfig.AccessLine {
	host := func(a netip.Addr) iosconfig.AccessNet {
		return iosconfig.AccessNet{Address: a, Wildcard: netip.IPv4Unspecified()}
	}
	return &iosconfig.AccessLine{Protocol: iosconfig.ProtocolWord(itoa(int(protocol))), From: host(from), To: host(to)}
}

// permitting is the line of a list that permits packets, where it is sure which one meets them first;
// nil: none is known to.
func permitting(l *iosconfig.AccessList, packets *iosconfig.AccessLine) *iosconfig.AccessLine {
	if l == nil || l.Six {
		return nil
	}
	for _, line := range l.Entries() {
		whole := *line
		if l.Standard {
			whole.Protocol, whole.To = "ip", iosconfig.AccessNet{Address: netip.IPv4Unspecified(), Wildcard: netip.AddrFrom4([4]byte{255, 255, 255, 255})}
		}
		switch {
		case !meets(&whole, packets):
		case line.Deny || !covers(&whole, packets):
			return nil
		default:
			return line
		}
	}
	return nil
}

// unexempted adds the line by which NAT takes packets, and the one that must stand before it.
func unexempted(e *end, packets, wanted *iosconfig.AccessLine, with []any, c *Claim) {
	for s := range e.cfg.NAT.Sources.All() {
		lists := []Line{{Node: e.name(), Text: "ip nat inside source " + s.String()}}
		names := []string{s.List}
		if s.RouteMap != "" {
			names = nil
			for _, m := range matchesOf(e.device, s.RouteMap) {
				lists, names = append(lists, m), append(names, strings.Fields(m.Text)[3:]...)
			}
		}
		for _, name := range names {
			list := e.cfg.Access.Get(name)
			line := permitting(list, packets)
			if line == nil {
				continue
			}
			deny := "deny" + strings.TrimPrefix(tidy(wanted), "permit")
			c.Say = phrase.Of("why.map.untaken", append(with, "nat", name, "line", tidy(line), "deny", deny)...)
			c.Lines = append(c.Lines, append(lists, e.typed(listHead(list), tidy(line)))...)
			c.Mend = append(exempt(e, s, list, line, deny), Line{Node: e.name(), Text: "clear ip nat translation *"})
			return
		}
	}
}

func listHead(l *iosconfig.AccessList) string {
	if l.Standard {
		return "ip access-list standard " + l.Name
	}
	return "ip access-list extended " + l.Name
}

// matchesOf are the lines of a route map that name lists, as its clauses are asked; what stands behind
// a clause that denies is not looked at.
func matchesOf(d *device, name string) (list []Line) {
	var heads []string
	for _, line := range d.text {
		if words := strings.Fields(line); strings.HasPrefix(line, "route-map ") && len(words) == 4 && words[1] == name {
			heads = append(heads, line)
		}
	}
	number := func(head string) int {
		n, _ := strconv.Atoi(strings.Fields(head)[3])
		return n
	}
	slices.SortStableFunc(heads, func(a, b string) int { return number(a) - number(b) })
	for _, head := range heads {
		if strings.Fields(head)[2] == "deny" {
			break
		}
		list = append(list, d.lines(head, "", "match ip address")...)
	}
	return list
}

// exempt is what to type that a line of a list takes packets no more: a line before it. A standard list
// knows nothing of where packets go, so that an extended one takes its place.
func exempt(e *end, s *iosconfig.NATSource, l *iosconfig.AccessList, line *iosconfig.AccessLine, deny string) []Line {
	if !l.Standard {
		at := slices.Index(l.Entries(), line)
		before, mend := 0, []Line(nil)
		if at > 0 {
			before = l.Entries()[at-1].Number
		}
		number := before + (line.Number-before)/2
		if number == before { // there is no room
			number, mend = 10*at+5, []Line{{Node: e.name(), Text: "ip access-list resequence " + l.Name + " 10 10"}}
		}
		return append(mend, e.typed(listHead(l), fmt.Sprintf("%d %s", number, deny)))
	}
	const name = "NAME"
	mend := []Line{e.typed("ip access-list extended "+name, deny), e.typed("ip access-list extended "+name, "permit ip "+line.From.String()+" any")}
	if s.RouteMap == "" {
		other := *s
		other.List = name
		return append(mend, Line{Node: e.name(), Text: "no ip nat inside source " + s.String()}, Line{Node: e.name(), Text: "ip nat inside source " + other.String()})
	}
	for _, m := range matchesOf(e.device, s.RouteMap) {
		if slices.Contains(strings.Fields(m.Text), l.Name) {
			mend = append(mend, e.typed(m.Below, "no match ip address "+l.Name), e.typed(m.Below, "match ip address "+name))
			break
		}
	}
	return mend
}
