package iosconfig

import (
	"iter"
	"net/netip"
	"strconv"
	"strings"
)

// Route is one `ip route`.
type Route struct {
	VRF       string // "": the global table
	Global    bool   // the next hop is in the global table
	Prefix    netip.Prefix
	Interface string     // full name, "" when only a next hop is given
	NextHop   netip.Addr // invalid when only an interface is given
	Distance  int        // 1 unless given
	Name      string
	Permanent bool
	Tag       int // 0: none
	Track     int // the object that it depends on; 0: none
}

// Object is what the routes of a VRF to one prefix are called in commits.
func (r Route) Object() string { return strings.TrimSpace(r.VRF + " " + r.Prefix.String()) }

// Routes are the static routes in running-config's order: by VRF, then by prefix.
type Routes struct{ byPath Tree[string, *Route] }

// Len is how many routes there are.
func (s *Routes) Len() int { return s.byPath.Len() }

// Put adds a route, or puts it in the place of the one that goes the same way
// to the same place.
func (s *Routes) Put(r Route) { s.byPath.Put(r.key(), &r) }

// Remove takes the route that goes the same way to the same place.
func (s *Routes) Remove(r Route) { s.byPath.delete(r.key()) }

// Has says whether a route is there as it is.
func (s *Routes) Has(r Route) bool {
	at, found := s.byPath.Get(r.key())
	return found && *at == r
}

// All are the routes.
func (s *Routes) All() iter.Seq[Route] { return s.from("") }

// To are the routes of a VRF to a prefix.
func (s *Routes) To(vrf string, p netip.Prefix) iter.Seq[Route] {
	return s.from(vrfKey(vrf) + networkKey(p))
}

// In are the routes of a VRF.
func (s *Routes) In(vrf string) iter.Seq[Route] { return s.from(vrfKey(vrf)) }

// from are the routes whose keys begin with a text.
func (s *Routes) from(head string) iter.Seq[Route] {
	return func(yield func(Route) bool) {
		for key, r := range s.byPath.From(head) {
			if !strings.HasPrefix(key, head) || !yield(*r) {
				return
			}
		}
	}
}

func (r Route) key() string {
	return vrfKey(r.VRF) + networkKey(r.Prefix) + r.Interface + "\x00" + string(r.NextHop.AsSlice())
}

// String is the route as in running-config.
func (r Route) String() string {
	words := []string{"ip route"}
	if !r.Prefix.Addr().Is4() {
		words = []string{"ipv6 route"}
	}
	if r.VRF != "" {
		words = append(words, "vrf", r.VRF)
	}
	if r.Prefix.Addr().Is4() {
		words = append(words, r.Prefix.Addr().String(), MaskOf(r.Prefix))
	} else {
		words = append(words, Upper(r.Prefix))
	}
	if r.Interface != "" {
		words = append(words, r.Interface)
	}
	if r.NextHop.IsValid() {
		words = append(words, Upper(r.NextHop))
	}
	if r.Global && r.Prefix.Addr().Is6() {
		words = append(words, "nexthop-vrf default")
	}
	if r.Distance != 1 {
		words = append(words, strconv.Itoa(r.Distance))
	}
	if r.Tag != 0 {
		words = append(words, "tag "+strconv.Itoa(r.Tag))
	}
	if r.Name != "" {
		words = append(words, "name "+r.Name)
	}
	if r.Track != 0 {
		words = append(words, "track "+strconv.Itoa(r.Track))
	}
	if r.Permanent {
		words = append(words, "permanent")
	}
	if r.Global && r.Prefix.Addr().Is4() {
		words = append(words, "global")
	}
	return strings.Join(words, " ")
}

// String is the line of running-config, without what `set reverse-route` says.
func (r ReverseRoute) String() string {
	line := "reverse-route"
	if r.Peer.IsValid() {
		line += " remote-peer " + r.Peer.String()
	}
	switch {
	case r.Gateway:
		line += " gateway"
	case r.Static:
		line += " static"
	}
	return line
}
