package why

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/tidwall/gjson"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// end is one end of a tunnel, as its router shows it.
type end struct {
	w      *Witness
	router *lab.Router
	text   []string // running-config
	cfg    *iosconfig.Config
	tunnel *iosconfig.Interface // nil: nothing here is the tunnel's
	peer   *end                 // nil: nobody's, or not looked at
	alone  bool                 // no other router is
}

// newEnd reads a router; name "" where its part of the tunnel is not known.
func (w *Witness) newEnd(r *lab.Router, name string) *end {
	text, _ := r.Shell().Screen(w.lab.Sim.Now(), "show running-config")
	if _, body, ok := strings.Cut(text, "\n!"); ok {
		text = "!" + body
	}
	e := &end{w: w, router: r, text: strings.Split(text, "\n")}
	e.cfg = rows.Load(text, iosconfig.Generation(w.lab.Topology.Node(r.Name()).Image)).Commit.After
	if name != "" {
		e.tunnel = e.cfg.Interface(name)
	}
	return e
}

func (e *end) name() string { return e.router.Name() }

// field is a field of a screen.
func (e *end) field(screen, path string) (string, Evidence) {
	text, _ := e.router.Shell().Screen(e.w.lab.Sim.Now(), "show "+screen+" | json")
	value := gjson.Get(text, path).String()
	return value, Evidence{Node: e.name(), Kind: "show " + screen, Field: path, Value: value}
}

// local is the address that the tunnel's packets come from.
func (e *end) local() netip.Addr {
	if e.tunnel == nil {
		return netip.Addr{}
	}
	t := &e.tunnel.Tunnel
	if t.Source.IsValid() {
		return t.Source
	}
	return e.addressOf(t.SourceInterface)
}

// addressOf is the address of an interface now, also a leased one.
func (e *end) addressOf(name string) netip.Addr {
	value, _ := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).ip_address", name))
	a, _ := netip.ParseAddr(value)
	return a
}

// has says whether an address is one of the router's.
func (e *end) has(a netip.Addr) bool {
	value, _ := e.field("ip interface brief", fmt.Sprintf("interfaces.#(ip_address==%q).interface", a.String()))
	return value != ""
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
	if p := e.profile(); p != nil {
		return e.cfg.Profile(p.IKEv2Profile)
	}
	return nil
}

// lines finds lines of the configuration below a head, and below a head within that ("peer X")
// unless it is "", that begin with words; without words the head itself.
func (e *end) lines(head, within string, begin ...string) (list []Line) {
	inside, deeper := false, within == ""
	for _, line := range e.text {
		text := strings.TrimSpace(line)
		switch depth := len(line) - len(strings.TrimLeft(line, " ")); {
		case depth == 0:
			if inside, deeper = line == head, within == ""; inside && len(begin) == 0 {
				return []Line{{Node: e.name(), Text: line}}
			}
			continue
		case depth == 1 && within != "":
			deeper = text == within
			continue
		}
		for _, b := range begin {
			if inside && deeper && (text == b || strings.HasPrefix(text, b+" ")) {
				list = append(list, Line{e.name(), head, withoutKey(text)})
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
func (e *end) typed(head, line string) Line { return Line{e.name(), head, line} }

func (e *end) tunnelHead() string { return "interface " + e.tunnel.Name() }

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

// findPeer finds the router that a tunnel's destination leads to, through a NAT gateway if
// that is its address, and what there leads back.
func (e *end) findPeer() {
	dst := e.tunnel.Tunnel.Destination
	if !dst.IsValid() {
		return
	}
	for _, r := range e.w.lab.Routers {
		if r == e.router || !r.Powered() {
			continue
		}
		o := e.w.newEnd(r, "")
		if !o.has(dst) && !e.w.behind(o, dst) {
			continue
		}
		if e.peer == nil {
			e.peer, o.peer = o, e
		}
		for i := range o.cfg.Interfaces.All() {
			if i.Type == iosconfig.Tunnel && i.Tunnel.Destination.IsValid() && (e.has(i.Tunnel.Destination) || e.w.behind(e, i.Tunnel.Destination)) {
				o.tunnel = i
				e.peer, o.peer = o, e
				return
			}
		}
	}
}

// behind says whether an address is the outside one of a NAT gateway that a router is behind;
// it may be behind several.
func (w *Witness) behind(e *end, outside netip.Addr) bool {
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
