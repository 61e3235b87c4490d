package why

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/router/standby"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// device is a router, as it shows itself.
type device struct {
	w      *Witness
	router *lab.Router
	text   []string // running-config
	cfg    *iosconfig.Config
}

// end is one end of a tunnel.
type end struct {
	*device
	tunnel  *iosconfig.Interface // nil: none is the tunnel's
	entry   *iosconfig.CryptoMap // nil: none is the tunnel's
	carrier *iosconfig.Interface // where it stands; nil: nowhere
	peer    *end                 // nil: nobody's, or not looked at
	alone   bool                 // no other router is
	several []any                // the routers that have the address where it leads
}

// newEnd reads a router, whose part of the tunnel is not known yet.
func (w *Witness) newEnd(r *lab.Router) *end {
	j, now := w.of(r.Name()), w.lab.Sim.Now()
	if j.read.cfg == nil || j.read.at != now || j.read.edits != j.edits {
		text, _ := r.Shell().Screen(now, "show running-config")
		if _, body, ok := strings.Cut(text, "\n!"); ok {
			text = "!" + body
		}
		cfg := rows.Load(text, iosconfig.Generation(w.lab.Topology.Node(r.Name()).Image)).Commit.After
		j.read = reading{now, j.edits, strings.Split(text, "\n"), cfg}
	}
	return &end{device: &device{w: w, router: r, text: j.read.text, cfg: j.read.cfg}}
}

func (d *device) name() string { return d.router.Name() }

// field is a field of a screen.
func (d *device) field(screen, path string) (string, Evidence) {
	at := look{d.name(), screen}
	text, seen := d.w.screens[at]
	if !seen {
		text, _ = d.router.Shell().Screen(d.w.lab.Sim.Now(), "show "+screen+" | json")
		d.w.screens[at] = text
	}
	value := gjson.Get(text, path).String()
	if strings.HasPrefix(value, "[") {
		value = gjson.Get(value, "@ugly").Raw
	}
	return value, Evidence{Node: d.name(), Kind: "show " + screen, Field: path, Value: value}
}

// local is the address that the tunnel's packets come from.
func (e *end) local() netip.Addr {
	switch {
	case !e.there():
		return netip.Addr{}
	case e.tunnel != nil && e.tunnel.Tunnel.Source.IsValid():
		return e.tunnel.Tunnel.Source
	}
	if e.remote().Is6() {
		return e.sixOf(e.sourceName())
	}
	return e.addressOf(e.sourceName())
}

// sixOf is the first address of IPv6 of an interface that others may reach.
func (d *device) sixOf(name string) netip.Addr {
	value, _ := d.field("ipv6 interface brief", fmt.Sprintf("interfaces.#(name==%q).ipv6.addresses.0.address", name))
	p, _ := netip.ParsePrefix(value)
	return p.Addr()
}

// addressOf is the address of an interface now, also a leased one.
func (d *device) addressOf(name string) netip.Addr {
	value, _ := d.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).ip_address", name))
	a, _ := netip.ParseAddr(value)
	return a
}

// has says whether an address is one of the router's.
func (d *device) has(a netip.Addr) bool {
	if a.Is6() {
		value, _ := d.field("ipv6 interface brief", "interfaces.#.ipv6.addresses.#.address")
		return strings.Contains(value, "\""+a.String()+"/")
	}
	value, _ := d.field("ip interface brief", fmt.Sprintf("interfaces.#(ip_address==%q).interface", a.String()))
	return value != "" || active(d, a)
}

// profile is the IPsec profile that protects the tunnel; nil: none.
func (e *end) profile() *iosconfig.IPsecProfile {
	if e.tunnel == nil {
		return nil
	}
	return e.cfg.IPsecProfile(e.tunnel.Tunnel.Protection)
}

// ikeProfile is the IKEv2 profile that the tunnel names; nil: none.
func (e *end) ikeProfile() *iosconfig.Profile {
	if p := e.protection(); p != nil {
		return e.cfg.Profile(p.IKEv2Profile)
	}
	return nil
}

// lines finds lines of the configuration below a head, and below a head within that ("peer X")
// unless it is "", that begin with words; without words the head itself.
func (d *device) lines(head, within string, begin ...string) (list []Line) {
	inside, deeper := false, within == ""
	for _, line := range d.text {
		text := strings.TrimSpace(line)
		switch depth := len(line) - len(strings.TrimLeft(line, " ")); {
		case depth == 0:
			if inside, deeper = line == head, within == ""; inside && len(begin) == 0 {
				return []Line{{Node: d.name(), Text: line}}
			}
			continue
		case depth == 1 && within != "":
			deeper = text == within
			continue
		}
		for _, b := range begin {
			if inside && deeper && (text == b || strings.HasPrefix(text, b+" ")) {
				list = append(list, Line{d.name(), head, withoutKey(text)})
			}
		}
	}
	return list
}

// withoutKey is a line that tells no secret.
func withoutKey(text string) string {
	words := strings.Fields(text)
	switch last := len(words) - 1; {
	case last < 1:
	case words[0] == "pre-shared-key":
		words[last] = "***"
	case words[0] == "ppk" && words[last] == "required":
		words[last-1] = "***"
	case words[0] == "ppk":
		words[last] = "***"
	}
	return strings.Join(words, " ")
}

// typed is what to type below a head.
func (d *device) typed(head, line string) Line { return Line{d.name(), head, line} }

// router finds a router by its name in the topology, or its host name.
func (w *Witness) router(name string) *lab.Router {
	for _, r := range w.lab.Routers {
		if strings.EqualFold(r.Name(), name) || strings.EqualFold(r.Hostname(), name) {
			return r
		}
	}
	return nil
}

// off are the routers without power.
func (w *Witness) off() (names []any) {
	for _, r := range w.lab.Routers {
		if !r.Powered() {
			names = append(names, r.Name())
		}
	}
	return names
}

// findPeer finds the router that a tunnel leads to, through a NAT gateway if that is its
// address, and what there leads back. Of several behind one gateway it is the one that has had
// an IKE SA with this end; where nothing says which, no other router is looked at.
func (e *end) findPeer() {
	for _, dst := range e.remotes() {
		var list []*end
		best := 0
		e.several = onWire(e, e.w.holders(dst, e.router), dst)
		for _, name := range e.several {
			o := e.w.newEnd(e.w.router(name.(string)))
			switch parts, rank := counterparts(e, o); {
			case rank > best:
				best, list = rank, parts
			case rank == best:
				list = append(list, parts...)
			}
			if e.peer == nil {
				e.peer, o.peer = o, e
			}
		}
		if len(list) > 1 {
			list = meantOf(e, list)
		}
		switch {
		case len(list) > 1 && !inTurn(list):
			e.peer, e.alone = nil, true
			return
		case len(list) > 0:
			e.peer, list[0].peer = list[0], e
			if a := outsideOf(e, list[0]); a.IsValid() {
				e.peer.several = e.w.holders(a, e.peer.router)
			}
			return
		}
	}
}

// outsideOf is the address by which an end leads here.
func outsideOf(e, o *end) netip.Addr {
	for _, a := range o.remotes() {
		if e.has(a) || e.w.behind(e.device, a) {
			return a
		}
	}
	return netip.Addr{}
}

// holders are the routers but one that have an address, or are behind a NAT gateway with it.
func (w *Witness) holders(a netip.Addr, but *lab.Router) (names []any) {
	var share []any
	for _, r := range w.lab.Routers {
		if r == but || !r.Powered() {
			continue
		}
		switch o := w.newEnd(r); {
		case o.has(a) || w.behind(o.device, a):
			names = append(names, r.Name())
		case shares(o.device, a):
			share = append(share, r.Name())
		}
	}
	if len(names) == 0 { // nobody is active
		return share
	}
	return names
}

// inTurn says whether ends are entries of one crypto map, of which the first is meant.
func inTurn(list []*end) bool {
	for _, o := range list {
		if o.name() != list[0].name() || o.entry == nil || list[0].entry == nil || o.entry.Name != list[0].entry.Name {
			return false
		}
	}
	return true
}

// counterparts are what of another router leads back here: of several crypto maps' entries the
// ones with the same packets. Without such it is an entry with the same packets that leads to
// somebody else. The rank says how well they fit; 0: nothing does.
func counterparts(e, o *end) (found []*end, best int) {
	for _, part := range o.parts() {
		rank := 0
		switch leads := part.leads(e); {
		case leads && e.entry != nil && part.entry != nil && mirrored(e, part):
			rank = 4
		case leads && (e.entry != nil) == (part.entry != nil):
			rank = likely
		case leads:
			rank = 2
		case e.entry != nil && part.entry != nil && mirrored(e, part):
			rank = 1
		}
		switch {
		case rank > best:
			best, found = rank, []*end{part}
		case rank == best && rank > 0:
			found = append(found, part)
		}
	}
	switch {
	case e.tunnel == nil || best > likely || !o.serves():
	case best < likely:
		return []*end{o}, likely
	case servesApart(o.device, found, e.remotes()):
		found = append(found, o)
	}
	return found, best
}

// likely is the rank of an end of the same kind that leads back.
const likely = 3

// behind says whether an address is the outside one of a NAT gateway that a router is behind;
// it may be behind several.
func (w *Witness) behind(e *device, outside netip.Addr) bool {
	for _, n := range w.lab.Topology.Nodes {
		if n.Kind != topologies.KindNAT || n.NAT.Outside != outside {
			continue
		}
		for name, p := range n.Addresses {
			if name == n.Outside {
				continue
			}
			for i := range e.cfg.Interfaces.All() {
				if a := e.addressOf(i.Name()); a.IsValid() && p.Contains(a) {
					return true
				}
			}
		}
	}
	return false
}

// flowsOf is where `show crypto ipsec sa` has the tunnel's flows.
func flowsOf(e *end) string {
	which := fmt.Sprintf("flows.#(interface==%q)#", e.port())
	if e.entry != nil {
		which += fmt.Sprintf("|#(crypto_map==%q)#|#(sequence==%d)#", e.entry.Name, e.entry.Sequence)
	}
	return which
}

// pairs is how many pairs of SAs the tunnel has.
func pairs(e *end) int {
	value, _ := e.field("crypto ipsec sa", flowsOf(e)+"|#.pairs|@flatten|#")
	n := 0
	_, _ = fmt.Sscan(value, &n)
	return n
}

// edited is when the configuration of either end last changed, or that of a router which has
// the address of one as well.
func edited(e *end) time.Time {
	at := e.w.of(e.name()).edited
	look := func(name string) {
		if other := e.w.of(name).edited; other.After(at) {
			at = other
		}
	}
	for _, name := range e.several {
		look(name.(string))
	}
	if e.peer != nil {
		look(e.peer.name())
		for _, name := range e.peer.several {
			look(name.(string))
		}
	}
	return at
}

func peerName(e *end) string {
	if e.peer != nil {
		return e.peer.name()
	}
	if a := e.remote(); a.IsValid() {
		return a.String()
	}
	return "?"
}

// isPeer says whether an address is the peer's, as it is seen here.
func isPeer(e *end, a netip.Addr) bool {
	if e.peer == nil {
		return slices.Contains(e.remotes(), a)
	}
	return e.peer.has(a) || e.w.behind(e.peer.device, a)
}

func itoa(n int) string { return strconv.Itoa(n) }

// shares says whether a router has a group with an address.
func shares(d *device, a netip.Addr) bool {
	return d.standby(a, "interface") != ""
}

// active says whether it is the one that has the address.
func active(d *device, a netip.Addr) bool { return d.standby(a, "state") == standby.Active.String() }

// standby is a field of the group with an address; "": there is none.
func (d *device) standby(a netip.Addr, field string) string {
	value, _ := d.standbyField(a, field)
	return value
}

func (d *device) standbyField(a netip.Addr, field string) (string, Evidence) {
	grouped := func(i *iosconfig.Interface) bool { return len(i.Standby.Groups) > 0 }
	if !a.Is4() || !slices.ContainsFunc(slices.Collect(d.cfg.Interfaces.All()), grouped) {
		return "", Evidence{}
	}
	return d.field("standby", fmt.Sprintf("groups.#(virtual_address==%q).%s", a, field))
}
