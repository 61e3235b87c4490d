package swarm

import (
	"fmt"
	"strings"
)

// A tunnel may be no interface but entries of a crypto map at the port of either
// end. Its lists have a line, or some, for each two networks whose packets go that
// way.

// mapName is the crypto map of the port.
func (t *Tunnel) mapName() string {
	if t.Shared {
		return "SHARED"
	}
	return fmt.Sprintf("LINK%d", t.Number)
}

// sequences are the tunnel's entries of it: those whose list has lines.
func (p *Plan) sequences(t *Tunnel) (list []int) {
	for _, n := range []int{10 * t.Number, 10*t.Number + 1} {
		if (n == 10*t.Number || t.Split) && len(p.lines(t, t.A, n)) > 0 {
			list = append(list, n)
		}
	}
	return list
}

// entry is the mode in which one of its entries is configured.
func (t *Tunnel) entry(sequence int) string {
	return fmt.Sprintf("crypto map %s %d ipsec-isakmp", t.mapName(), sequence)
}

func accessList(sequence int) string { return fmt.Sprintf("ip access-list extended L%d", sequence) }

// said is how an end says what goes by the tunnel.
func said(t *Tunnel, near int) list { return t.Lists[t.host(near)-1] }

// crossing are the two networks of each packet that goes by a tunnel, or whose answer
// does: that on the side of an end first.
func (p *Plan) crossing(t *Tunnel, near int) (list [][2]int) {
	if t.Second {
		return [][2]int{{networkNumber(p.router(near)), beyond(p, t, p.router(near))}}
	}
	for _, from := range p.Routers {
		for _, to := range p.Routers {
			if from.Number != to.Number && p.crosses(t, near, from.Number, to.Number) {
				list = append(list, [2]int{from.Number, to.Number})
			}
		}
	}
	return list
}

// crosses says whether packets between two networks leave an end by the tunnel.
func (p *Plan) crosses(t *Tunnel, near, from, to int) bool {
	for at := from; at != to; {
		next := p.first(at)[to]
		if next == nil {
			return false
		}
		if next.Number == t.Number && at == near {
			return true
		}
		at = next.far(at)
	}
	return false
}

// lines are those of the list of an entry, with their numbers.
func (p *Plan) lines(t *Tunnel, near, sequence int) (list []string) {
	add := func(text string) { list = append(list, fmt.Sprintf("%d %s", 10*(len(list)+1), text)) }
	if said(t, near) == whole {
		add("permit ip 192.168.0.0 0.0.255.255 192.168.0.0 0.0.255.255")
		return list
	}
	for _, pair := range p.crossing(t, near) {
		if t.Split && (pair[0]+pair[1])%2 != sequence%2 {
			continue
		}
		to := fmt.Sprintf("192.168.%d.0 0.0.0.255", pair[1])
		all := fmt.Sprintf("permit ip 192.168.%d.0 0.0.0.255 %s", pair[0], to)
		switch said(t, near) {
		case halves:
			add(fmt.Sprintf("permit ip 192.168.%d.0 0.0.0.127 %s", pair[0], to))
			add(fmt.Sprintf("permit ip 192.168.%d.128 0.0.0.127 %s", pair[0], to))
		case protocols:
			add(strings.Replace(all, "permit ip", "permit udp", 1))
			add(all)
		default:
			add(all)
		}
	}
	return list
}

// writeMap is one end of the tunnel.
func (p *Plan) writeMap(b *strings.Builder, t *Tunnel, r *Router) {
	fmt.Fprintf(b, "%s\n%s\n", t.transform(), t.carrying())
	for _, sequence := range p.sequences(t) {
		fmt.Fprintf(b, "%s\n %s\n", accessList(sequence), strings.Join(p.lines(t, r.Number, sequence), "\n "))
		fmt.Fprintf(b, "%s\n", strings.Join(entryLines(t, r, sequence, sequence), "\n "))
	}
	fmt.Fprintf(b, "interface %s\n", t.port())
	if !t.Shared {
		fmt.Fprintf(b, "%s ip address %v %s\n", forwarding(frontOf(t, r)), t.outer(r.Number), t.mask(r.Number))
	}
	fmt.Fprintf(b, " crypto map %s\n", t.mapName())
}

// entryLines are an entry of the crypto map with the list of a sequence number.
func entryLines(t *Tunnel, r *Router, sequence, of int) []string {
	lines := []string{
		t.entry(sequence), setPeer(t, r.Number), fmt.Sprintf("set transform-set T%d", t.Number), "set ikev2-profile " + profileOf(t, r), r.seconds(), matches(of),
	}
	if t.PFS != "" {
		lines = append(lines, t.pfs())
	}
	if r.Kilobytes > 0 {
		lines = append(lines, fmt.Sprintf("set security-association lifetime kilobytes %d", r.Kilobytes))
	}
	if t.PerHost == r.Number {
		lines = append(lines, perHost)
	}
	if line := reverse(t, r); line != "" {
		lines = append(lines, line)
	}
	return lines
}

func setPeer(t *Tunnel, near int) string { return fmt.Sprintf("set peer %v", t.leads(near)) }
func matches(sequence int) string        { return fmt.Sprintf("match address L%d", sequence) }

// reverse is how an end has routes brought by its pairs, or by its list. They have a next
// hop alone: one that a default route leads to would be reached in clear.
func reverse(t *Tunnel, r *Router) string {
	if !t.mapped() || r.DefaultRoute || r.VRF || frontOf(t, r) != "" {
		return ""
	}
	return t.Reverse[t.host(r.Number)-1]
}

const perHost = "set security-association level per-host"
