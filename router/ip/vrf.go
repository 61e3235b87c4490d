package ip

import "time"

// tables are the routing tables beside the global one, and what those of a device
// have in common.
type tables struct {
	global      *Table
	vrfs        map[int]*Table
	byInterface map[string][]*static // static routes by an interface, of whichever table
	queue       []*watched           // addresses to which the way may have changed
	settling    bool
}

// VRF is the routing table of a VRF by its number, 0 being that of the global one. It
// is there when it is asked for.
func (t *tables) VRF(id int) *Table {
	if id == 0 {
		return t.global
	}
	table := t.vrfs[id]
	if table == nil {
		table = &Table{}
		table.init(t.global.s, id)
		if t.vrfs == nil {
			t.vrfs = map[int]*Table{}
		}
		t.vrfs[id] = table
	}
	return table
}

// VRF is the number of the VRF that an interface is in.
func (i *Interface) VRF() int { return i.table.vrf }

// VRF is the number of the VRF that a packet is in.
func (p *Packet) VRF() int {
	switch {
	case p.In != nil:
		return p.In.table.vrf
	case p.made != nil:
		return p.made.vrf
	}
	return 0
}

// table is the routing table that a packet goes by: that of the interface where it
// came in, or of who has made it.
func (s *Stack) table(p *Packet) *Table {
	switch {
	case p.In != nil:
		return p.In.table
	case p.made != nil:
		return p.made
	}
	return &s.Table
}

// connect brings the routes of an interface in line with its VRF, its addresses and its
// state, and then what depends on them.
func (t *tables) connect(now time.Time, i *Interface) {
	if i.routable() == i.routed && !i.moved {
		return
	}
	i.routed, i.moved = i.routable(), false
	for _, r := range i.connected {
		i.table.withdraw(r)
	}
	i.connected, i.table = nil, t.VRF(i.Settings.VRF)
	if i.routed {
		for _, a := range i.addrs {
			i.table.connectAddress(i, a)
		}
	}
	for _, r := range t.byInterface[i.Name] {
		r.RouteChanged(time.Time{})
	}
	t.settle(now)
}
