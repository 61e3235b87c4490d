package why

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/ip"
	"ikelab/topologies/phrase"
)

// How long a message is sent again, at most, and its fragments are waited for.
const exchangeTime = 5 * time.Minute

// inPieces says that a message came to nothing that was cut into IP fragments, of which some
// were lost: those with certificates are longer than the way carries (RFC 7383 1).
func inPieces(e *end, dst netip.Addr, f ikev2.Failure, at time.Time) (c Claim, found bool) {
	if f.Cause == ikev2.CauseNoResponse && f.Exchange == wire.IKE_SA_INIT {
		return c, false
	}
	since := at.Add(-exchangeTime)
	if changed := edited(e); changed.After(since) {
		since = changed
	}
	with := []any{"node", e.name(), "peer", peerName(e)}
	for _, r := range looked(e) {
		lost := lately(e.w, r.Name(), since, func(d ip.Dropped) bool {
			between := d.To == dst && e.has(d.From) || d.From == dst && e.has(d.To)
			return between && d.Protocol == ip.ProtoUDP && (d.Fragment && d.Reason == ip.Prohibited || d.Reason == ip.FragmentsAbsent)
		})
		for _, d := range lost {
			if found && d.body.Reason == ip.FragmentsAbsent { // who dropped them is known
				continue
			}
			found, c.Evidence = true, []Evidence{seen(d)}
			with := append(with, "where", d.Node, "interface", d.body.Interface)
			if d.body.Reason == ip.FragmentsAbsent {
				c.Say = phrase.Of("why.path.pieces", with...)
				continue
			}
			c.Say = phrase.Of("why.path.fragments", with...)
			c.Lines = filterLines(e.w.newEnd(r), d.body)
		}
	}
	c.Key, c.RFC = "path.fragments", "RFC 7383 section 1"
	for _, o := range []*end{e, e.peer} {
		switch {
		case o == nil:
		case o.cfg.IKEv2.FragmentMTU == 0:
			c.Mend = append(c.Mend, Line{Node: o.name(), Text: "crypto ikev2 fragmentation"})
		default:
			c.Lines = append(c.Lines, o.globals("crypto ikev2 fragmentation")...)
		}
	}
	return c, found
}

// globals are lines that stand below no head, and begin with words.
func (d *device) globals(begin string) (list []Line) {
	for _, line := range d.text {
		if len(line) >= len(begin) && line[:len(begin)] == begin {
			list = append(list, Line{Node: d.name(), Text: line})
		}
	}
	return list
}
