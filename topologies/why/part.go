package why

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"ikelab/iosconfig"
)

// What of a router's configuration makes an end: a tunnel interface, or an entry of a crypto
// map at the interface where it stands.

// there says whether something of the router's is the tunnel's.
func (e *end) there() bool { return e.tunnel != nil || e.entry != nil }

// label names it.
func (e *end) label() string {
	if e.entry != nil {
		return "crypto map " + e.entry.Key()
	}
	return e.tunnel.Name()
}

// head is what its lines stand below.
func (e *end) head() string {
	if e.entry != nil {
		return "crypto map " + e.entry.Key() + " ipsec-isakmp"
	}
	if cloned(e.tunnel.Name()) {
		return templateHead(e)
	}
	return "interface " + e.tunnel.Name()
}

// port is the interface where its packets are protected.
func (e *end) port() string {
	switch {
	case e.tunnel != nil:
		return e.tunnel.Name()
	case e.carrier != nil:
		return e.carrier.Name()
	}
	return ""
}

// owns says whether an entry of the SPD is its own; whoever serves all who ask has those of
// interfaces that were made for them.
func (e *end) owns(entry string) bool {
	if e.entry != nil {
		return strings.HasPrefix(entry, e.port()+" "+e.entry.Key()+" line ")
	}
	if e.tunnel == nil {
		return cloned(entry) && e.serves()
	}
	return entry == e.tunnel.Name()
}

// remotes are the addresses that it leads to, the first one first.
func (e *end) remotes() (list []netip.Addr) {
	client := clientOf(e)
	switch {
	case client != nil:
		return clientPeers(e, client)
	case e.tunnel != nil && e.tunnel.Tunnel.Destination.IsValid():
		return []netip.Addr{e.tunnel.Tunnel.Destination}
	case e.entry != nil:
		for _, p := range e.entry.Peers {
			if a, ok := e.cfg.AddressOfPeer(p); ok {
				list = append(list, a)
			}
		}
	}
	return list
}

// remote is the first of them; not valid: there is none.
func (e *end) remote() netip.Addr {
	if list := e.remotes(); len(list) > 0 {
		return list[0]
	}
	return netip.Addr{}
}

// leads says whether it leads to another router, or the NAT gateway that this is behind.
func (e *end) leads(o *end) bool {
	return slices.ContainsFunc(e.remotes(), func(a netip.Addr) bool { return beginsAt(o, a) || o.w.behind(o.device, a) })
}

// beginsAt says whether an address is one of the router's that the tunnel can be reached at: the
// same one may stand in other tables too.
func beginsAt(e *end, a netip.Addr) bool {
	if !e.there() || a.Is6() {
		return e.has(a)
	}
	if at := e.standby(a, "interface"); at != "" {
		return e.local() == a || e.vrfOf(at) == front(e)
	}
	names, _ := e.field("ip interface brief", fmt.Sprintf("interfaces.#(ip_address==%q)#.interface", a))
	return slices.ContainsFunc(gjson.Parse(names).Array(), func(name gjson.Result) bool {
		return name.String() == e.sourceName() || e.vrfOf(name.String()) == front(e)
	})
}

// cloned says whether an interface was made for a peer, which brings its routes with it.
func cloned(name string) bool { return strings.HasPrefix(name, string(iosconfig.VirtualAccess)) }

// servesApart says whether a template begins at one of the addresses, in another place than these
// parts of the router do: in another table the same address may be that of another interface.
func servesApart(d *device, parts []*end, at []netip.Addr) bool {
	for i := range d.cfg.Interfaces.All() {
		source := i.Tunnel.SourceInterface
		if i.Type != iosconfig.VirtualTemplate || source == "" || !slices.Contains(at, d.addressOf(source)) {
			continue
		}
		if !slices.ContainsFunc(parts, func(p *end) bool { return p.sourceName() == source }) {
			return true
		}
	}
	return false
}

// serves says whether a router makes an end for whoever asks for one.
func (d *device) serves() bool {
	for i := range d.cfg.Interfaces.All() {
		if i.Type == iosconfig.VirtualTemplate && i.Tunnel.Protection != "" {
			return true
		}
	}
	return false
}

// leadLines are the lines that say where it leads.
func (e *end) leadLines() []Line {
	if e.entry != nil {
		return e.lines(e.head(), "", "set peer")
	}
	if f := clientOf(e); f != nil {
		return e.lines(clientHead(f), "", "peer")
	}
	return e.lines(e.head(), "", "tunnel destination")
}

// leading is the line by which it would lead to an address.
func (e *end) leading(a netip.Addr) Line {
	if e.entry != nil {
		return e.typed(e.head(), "set peer "+a.String())
	}
	if f := clientOf(e); f != nil {
		return e.typed(clientHead(f), "peer 1 "+a.String())
	}
	return e.typed(e.head(), "tunnel destination "+a.String())
}

// protection is what SAs are asked for; nil: nothing protects.
func (e *end) protection() *iosconfig.Protection {
	if e.entry != nil {
		return &e.entry.Protection
	}
	if p := e.profile(); p != nil {
		return &p.Protection
	}
	return nil
}

// protectionHead is what the lines of protection stand below.
func (e *end) protectionHead() string {
	if e.entry != nil {
		return e.head()
	}
	return "crypto ipsec profile " + e.profile().Name
}

// sourceName is the interface whose address its packets have; "": an address is given.
func (e *end) sourceName() string {
	if e.tunnel != nil {
		return e.tunnel.Tunnel.SourceInterface
	}
	if s := e.cfg.IPsec.MapSources.Get(e.entry.Name); s != nil {
		return s.Interface
	}
	return e.port()
}

// partOf finds in a router's configuration what a name means: a tunnel interface, or one with a
// crypto map, with the number of an entry or without.
func (d *device) partOf(name string) (parts []*end) {
	name, number, _ := strings.Cut(name, " ")
	if cloned(name) {
		if e := access(d, name); e != nil && number == "" {
			parts = append(parts, e)
		}
		return parts
	}
	for i := range d.cfg.Interfaces.All() {
		if i.Name() != name {
			continue
		}
		if i.Type == iosconfig.Tunnel || i.Type == iosconfig.VirtualTemplate {
			if number != "" { // which only crypto maps have
				return nil
			}
			return []*end{d.as(i, nil, nil)}
		}
		for _, m := range d.mapsAt(i) {
			if number == "" || number == fmt.Sprint(m.Sequence) {
				parts = append(parts, d.as(nil, i, m))
			}
		}
	}
	return parts
}

// as is the end that a part of the router makes.
func (d *device) as(tunnel, carrier *iosconfig.Interface, m *iosconfig.CryptoMap) *end {
	return &end{device: d, tunnel: tunnel, carrier: carrier, entry: m}
}

// mapsAt are the entries of the crypto map of an interface; where it has none, those of maps
// that stand nowhere and whose peers are reached by it.
func (d *device) mapsAt(i *iosconfig.Interface) (list []*iosconfig.CryptoMap) {
	if i.CryptoMap != "" || !i.Type.Physical() {
		return d.cfg.CryptoMap(i.CryptoMap)
	}
	for _, name := range d.cfg.CryptoMaps() {
		if d.standsSomewhere(name) {
			continue
		}
		for _, m := range d.cfg.CryptoMap(name) {
			if way, _ := d.wayTo(i.VRF, d.as(nil, i, m).remote()); way == i.Name() {
				list = append(list, m)
			}
		}
	}
	return list
}

func (d *device) standsSomewhere(name string) bool {
	for i := range d.cfg.Interfaces.All() {
		if i.CryptoMap == name {
			return true
		}
	}
	return false
}

// wayTo is the interface that packets to an address leave by in a table, and the route that says so, by
// next hops from route to route.
func (d *device) wayTo(vrf string, a netip.Addr) (string, Evidence) {
	proof := Evidence{}
	for n := 0; a.IsValid() && n < maxHops; n++ {
		screen := routeScreen(vrf, a)
		if found, _ := d.field(screen, "routes.#"); found == "0" {
			screen = routeScreen(vrf, netip.IPv4Unspecified()) // the default route is no route to a network, as IOS has it
		}
		way, p := d.field(screen, "routes.0.interface")
		if way != "" {
			return way, p
		}
		hop, q := d.field(screen, "routes.0.next_hop")
		if proof = q; hop == "" {
			break
		}
		a, _ = netip.ParseAddr(hop)
	}
	return "", proof
}

// maxHops is how many routes are followed.
const maxHops = 4

// parts are all that a router has.
func (d *device) parts() (list []*end) {
	for i := range d.cfg.Interfaces.All() {
		switch {
		case i.Type == iosconfig.VirtualTemplate: // which serves, and is no end
		case i.Type != iosconfig.Tunnel:
			list = append(list, d.partOf(i.Name())...)
		case i.Tunnel.Destination.IsValid() || i.Tunnel.Dynamic:
			list = append(list, d.as(i, nil, nil))
		}
	}
	return list
}

// mapField is a field of the entry in `show crypto map`.
func (e *end) mapField(path string) (string, Evidence) {
	return e.field("crypto map", fmt.Sprintf("entries.#(name==%q)#|#(sequence==%d).%s", e.entry.Name, e.entry.Sequence, path))
}

// front is the VRF of the tunnel's own packets; "": the global table.
func front(e *end) string {
	switch {
	case e.tunnel != nil:
		return e.tunnel.Tunnel.VRF
	case e.carrier != nil:
		return e.carrier.VRF
	}
	return ""
}

// insideOf is the VRF of what the tunnel carries.
func insideOf(e *end) string {
	switch {
	case e.tunnel != nil:
		return e.tunnel.VRF
	case e.entry != nil && e.carrier != nil:
		return iosconfig.InsideOf(e.cfg, e.carrier, e.entry)
	}
	return ""
}

// vrfOf is that of an interface.
func (d *device) vrfOf(name string) string {
	if i := d.cfg.Interface(name); i != nil {
		return i.VRF
	}
	return ""
}

// routeScreen is the screen of the route to an address.
func routeScreen(vrf string, a netip.Addr) string {
	if vrf == "" {
		return "ip route " + a.String()
	}
	return "ip route vrf " + vrf + " " + a.String()
}

// profileHead is what the lines of the tunnel's IKEv2 profile stand below.
func profileHead(e *end) string { return "crypto ikev2 profile " + e.profileName() }

// clientOf is the one of a tunnel; nil: it has none.
func clientOf(e *end) *iosconfig.FlexClient {
	if e.tunnel == nil || !e.tunnel.Tunnel.Dynamic {
		return nil
	}
	for f := range e.cfg.IKEv2.Clients.All() {
		if f.Tunnel == e.tunnel.Name() {
			return f
		}
	}
	return nil
}

func clientHead(f *iosconfig.FlexClient) string { return "crypto ikev2 client flexvpn " + f.Name }

// clientField is a field of the tunnel's client in its screen.
func clientField(e *end, path string) (string, Evidence) {
	return e.field("crypto ikev2 client flexvpn", fmt.Sprintf("clients.#(tunnel==%q)", e.tunnel.Name())+path)
}

// clientPeers are the peers of a client: the one that it has or tries, and the others.
func clientPeers(e *end, f *iosconfig.FlexClient) (list []netip.Addr) {
	now, _ := clientField(e, ".peer")
	if a, err := netip.ParseAddr(now); err == nil {
		list = append(list, a)
	}
	for _, p := range f.Peers {
		if !slices.Contains(list, p.Address) {
			list = append(list, p.Address)
		}
	}
	return list
}

func templateName(number int) string { return string(iosconfig.VirtualTemplate) + itoa(number) }

// access is the end that an interface is which was made for a peer, with the lines of its
// template; nil: it has no peer.
func access(d *device, name string) *end {
	get := func(field string) string {
		value, _ := d.field("interfaces "+name, "interfaces.0."+field)
		return value
	}
	destination, err := netip.ParseAddr(get("tunnel.destination"))
	p := d.cfg.IPsecProfile(get("tunnel.protection"))
	if err != nil || p == nil {
		return nil
	}
	i := &iosconfig.Interface{Type: iosconfig.VirtualAccess, Number: strings.TrimPrefix(name, string(iosconfig.VirtualAccess))}
	if q := d.cfg.Profile(p.IKEv2Profile); q != nil && d.cfg.Interface(templateName(q.Template)) != nil {
		i.Tunnel = d.cfg.Interface(templateName(q.Template)).Tunnel
	}
	i.VRF = get("vrf")
	i.Tunnel.Destination, i.Tunnel.Protection = destination, p.Name
	i.Tunnel.Source, _ = netip.ParseAddr(get("tunnel.source"))
	return d.as(i, nil, nil)
}

// templateHead is what the lines of such an end stand below.
func templateHead(e *end) string {
	if p := e.ikeProfile(); p != nil && p.Template != 0 {
		return "interface " + templateName(p.Template)
	}
	return fmt.Sprintf("interface %s", e.tunnel.Name())
}
