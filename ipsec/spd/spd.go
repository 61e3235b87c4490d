package spd

// Lookup says which line of a list, access lists for one, a packet is for, and
// whether the line protects; mirrored asks about the packet's answer. ok is false
// where no line is about it.
type Lookup func(pkt []byte, mirrored bool) (line int, protect, ok bool)

// Clause is one of the lists of an ordered policy, with what its owner keeps for
// each line that protects.
type Clause[E any] struct {
	VRF     int // whose packets it is about, by number
	Lookup  Lookup
	Entries map[int]E
}

// SPD is the ordered policy of an interface (RFC 4301 section 4.4.1). A packet is
// asked about clause by clause: a line that protects settles it, one that does not
// sends it to the next clause. What no clause protects passes in clear. The zero
// value protects nothing.
type SPD[E any] struct{ Clauses []Clause[E] }

// Outbound is the entry that protects a packet which is about to leave.
func (d *SPD[E]) Outbound(vrf int, pkt []byte) (value E, ok bool) { return d.find(vrf, pkt, false) }

// Inbound is the entry that should have protected a packet which has come in.
func (d *SPD[E]) Inbound(vrf int, pkt []byte) (value E, ok bool) { return d.find(vrf, pkt, true) }

func (d *SPD[E]) find(vrf int, pkt []byte, mirrored bool) (value E, ok bool) {
	for i := range d.Clauses {
		if d.Clauses[i].VRF != vrf {
			continue
		}
		line, protect, found := d.Clauses[i].Lookup(pkt, mirrored)
		if !found || !protect {
			continue
		}
		if e, ok := d.Clauses[i].Entries[line]; ok {
			return e, true
		}
	}
	return value, false
}
