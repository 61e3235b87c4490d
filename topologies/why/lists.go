package why

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
)

// Access lists of crypto maps beside each other.

// permits are the lines of a list that protect.
func permits(l *iosconfig.AccessList) (list []*iosconfig.AccessLine) {
	if l == nil {
		return nil
	}
	for _, line := range l.Entries() {
		if !line.Deny {
			list = append(list, line)
		}
	}
	return list
}

// listLines are those of the entry's list, as they are typed.
func (e *end) listLines() (list []Line) {
	l := e.cfg.Access.Get(e.entry.Match)
	if l == nil {
		return nil
	}
	for _, line := range l.Entries() {
		list = append(list, e.typed("ip access-list extended "+l.Name, tidy(line)))
	}
	return list
}

func tidy(l *iosconfig.AccessLine) string { return strings.Join(strings.Fields(l.String()), " ") }

// permit is the line that the entry's list needs, as the peer's list has it.
func (e *end) permit() Line {
	line := "permit ip SOURCE WILDCARD DESTINATION WILDCARD"
	if e.peer != nil && e.peer.entry != nil {
		if list := permits(e.peer.cfg.Access.Get(e.peer.entry.Match)); len(list) > 0 {
			line = mirrorOf(list[0])
		}
	}
	return e.typed("ip access-list extended "+e.entry.Match, line)
}

// mirrorOf is a line as the other end must have it.
func mirrorOf(l *iosconfig.AccessLine) string {
	m := *l
	m.From, m.To, m.FromPorts, m.ToPorts = l.To, l.From, l.ToPorts, l.FromPorts
	return tidy(&m)
}

// mirrored says whether each line of both ends' lists has its mirror image at the other one.
func mirrored(a, b *end) bool {
	return len(unmirrored(a, b)) == 0 && len(unmirrored(b, a)) == 0
}

// unmirrored are the lines of an end's list whose mirror image another one lacks.
func unmirrored(a, b *end) (list []string) {
	theirs := permits(b.cfg.Access.Get(b.entry.Match))
	for _, line := range permits(a.cfg.Access.Get(a.entry.Match)) {
		if !slices.ContainsFunc(theirs, func(o *iosconfig.AccessLine) bool { return mirrorOf(o) == tidy(line) }) {
			list = append(list, mirrorOf(line))
		}
	}
	return list
}

// mirror adds to a claim what the lists lack.
func mirror(e *end, c *Claim) {
	_, proof := e.mapField("access_list_lines")
	c.Evidence = append(c.Evidence, proof)
	if e.peer == nil || e.peer.entry == nil {
		return
	}
	_, proof = e.peer.mapField("access_list_lines")
	c.Evidence = append(c.Evidence, proof)
	for _, line := range unmirrored(e.peer, e) {
		c.Mend = append(c.Mend, e.typed("ip access-list extended "+e.entry.Match, line))
	}
}

// protects says whether the entry's list permits packets to an address.
func (e *end) protects(a netip.Addr) bool {
	return slices.ContainsFunc(permits(e.cfg.Access.Get(e.entry.Match)), func(l *iosconfig.AccessLine) bool {
		return overlap(l.To, iosconfig.AccessNet{Address: a, Wildcard: netip.IPv4Unspecified()})
	})
}

// mayProtect says whether a line of a list can be for a packet, whose ports nobody has noted.
func mayProtect(l *iosconfig.AccessList, r crypto.Refused) bool {
	if l == nil || !r.From.Is4() || !r.To.Is4() {
		return false
	}
	host := func(a netip.Addr) iosconfig.AccessNet {
		return iosconfig.AccessNet{Address: a, Wildcard: netip.IPv4Unspecified()}
	}
	packet := &iosconfig.AccessLine{Protocol: iosconfig.ProtocolWord(itoa(int(r.Protocol))), From: host(r.From), To: host(r.To)}
	for _, line := range l.Entries() {
		switch {
		case !meets(line, packet):
		case !line.Deny:
			return true
		case covers(line, packet):
			return false
		}
	}
	return false
}

// taken says whether all packets of a list's first line that is concerned are taken by another
// list: the line there that meets them first permits them all.
func taken(list []*iosconfig.AccessLine, by *iosconfig.AccessList) (mine, other string, ok bool) {
	if by == nil {
		return "", "", false
	}
	for i := range list {
		for _, o := range by.Entries() {
			if !meets(o, list[i]) {
				continue
			}
			if !o.Deny && covers(o, list[i]) {
				return tidy(list[i]), tidy(o), true
			}
			break
		}
	}
	return "", "", false
}

// covers says whether a line fits all packets that another one fits, meets whether any.
func covers(a, b *iosconfig.AccessLine) bool {
	return (a.Protocol == "ip" || a.Protocol == b.Protocol && a.FromPorts.Op == "" && a.ToPorts.Op == "") && len(a.Options) == 0 &&
		wider(a.From, b.From) && wider(a.To, b.To)
}

func meets(a, b *iosconfig.AccessLine) bool {
	return (a.Protocol == "ip" || b.Protocol == "ip" || a.Protocol == b.Protocol) && overlap(a.From, b.From) && overlap(a.To, b.To)
}

func wider(a, b iosconfig.AccessNet) bool {
	return bits(b.Wildcard)&^bits(a.Wildcard) == 0 && overlap(a, b)
}

// overlap says whether two have an address in common. Of groups it is not known.
func overlap(a, b iosconfig.AccessNet) bool {
	return a.Group == "" && b.Group == "" && (bits(a.Address)^bits(b.Address))&^(bits(a.Wildcard)|bits(b.Wildcard)) == 0
}

func bits(a netip.Addr) uint32 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func samePeers(a, b *iosconfig.CryptoMap) bool { return slices.Equal(a.Peers, b.Peers) }
