package swarm

import (
	"fmt"
	"net/netip"
	"slices"
)

// clearing is a line that clears something.
func (d *drawing) clearing(t *Tunnel, near int) string {
	far := t.outer(t.far(near))
	return pick(d, []string{
		"clear crypto session", "clear crypto ikev2 sa", "clear crypto sa", fmt.Sprintf("clear crypto session remote %v", far),
		fmt.Sprintf("clear crypto ikev2 sa remote %v", far), fmt.Sprintf("clear crypto sa peer %v", far), "clear crypto sa counters",
	})
}

// moment is a line that sets the clock, forwards or back.
func (d *drawing) moment() string {
	months := []string{"jan", "feb", "jul", "nov"}
	return fmt.Sprintf("clock set %02d:%02d:%02d %d %s %d", d.upTo(23), d.upTo(59), d.upTo(59), d.within(1, 28), pick(d, months), d.within(1993, 2035))
}

// types has a fault type at several routers, its own first.
func (f *Fault) types(list []Typing) {
	f.Lines, f.Undo = list[0].Lines, list[0].Undo
	f.Also = append(f.Also, list[1:]...)
}

// edits draws lines for one end of a tunnel, or for both at once.
func (d *drawing) edits(t *Tunnel, near int) []Typing {
	which := d.random.Uint64()
	list := []Typing{d.edit(t, d.router(near), which)}
	if d.oneIn(3) {
		list = append(list, d.edit(t, d.router(t.far(near)), which))
	}
	return list
}

// move gives a port another address: one of the segment, or both ends of a link.
// Each tunnel to it is led there.
func (d *drawing) move(t *Tunnel, near int) []Typing {
	list := []Typing{{Router: near}}
	at := func(router int, mode, line, undo string) {
		i := slices.IndexFunc(list, func(y Typing) bool { return y.Router == router })
		if i < 0 {
			i, list = len(list), append(list, Typing{Router: router})
		}
		list[i].Lines, list[i].Undo = append(list[i].Lines, mode, line), append(list[i].Undo, mode, undo)
	}
	ends := []int{near, t.far(near)}
	if t.Shared {
		ends = ends[:1]
	}
	for _, end := range ends {
		address := func(a netip.Addr) string { return fmt.Sprintf("ip address %v %s", a, t.mask()) }
		at(end, "interface "+t.port(), address(t.moved(end)), address(t.outer(end)))
		for i := range d.Tunnels {
			if u := &d.Tunnels[i]; u.has(end) && (u.Number == t.Number || t.Shared && u.Shared) {
				at(u.far(end), "interface "+u.name(), leadsTo(u.moved(end)), leadsTo(u.outer(end)))
			}
		}
	}
	return list
}

// edit is lines of configuration, and those that undo them.
func (d *drawing) edit(t *Tunnel, r *Router, which uint64) Typing {
	profile, tunnel := fmt.Sprintf("crypto ipsec profile P%d", t.Number), "interface "+t.name()
	edits := [][2][]string{
		{{tunnel, "shutdown"}, {tunnel, "no shutdown"}},
		{{"interface " + t.port(), "shutdown"}, {"interface " + t.port(), "no shutdown"}},
		{{profile, "set pfs " + pick(d, groups[3:])}, {profile, t.pfs()}},
		{{profile, "set security-association lifetime seconds 150"}, {profile, r.seconds()}},
		{{"crypto ikev2 profile P", "lifetime 130"}, {"crypto ikev2 profile P", r.lifetime()}},
		{{"crypto ikev2 keyring K", "peer ANY", "pre-shared-key remote wrong"}, {"crypto ikev2 keyring K", "peer ANY", "pre-shared-key remote " + key}},
		{{tunnel, "no tunnel destination"}, {tunnel, t.destination(r.Number)}},
		{{fmt.Sprintf("crypto ipsec transform-set T%d %s", t.Number, pick(d, transforms))}, {t.transform()}},
		{{"crypto ikev2 proposal P", "group 14"}, {"crypto ikev2 proposal P", d.IKE[len(d.IKE)-1]}},
	}
	if !r.DefaultRoute { // by which it would rightly go in clear
		edits = append(edits, [2][]string{{"no " + route(t.far(r.Number), t)}, {route(t.far(r.Number), d.first(r.Number)[t.far(r.Number)])}},
			[2][]string{{tunnel, fmt.Sprintf("no tunnel protection ipsec profile P%d", t.Number)}, {tunnel, fmt.Sprintf("tunnel protection ipsec profile P%d", t.Number)}})
	}
	e := edits[which%uint64(len(edits))]
	return Typing{r.Number, e[0], e[1]}
}
