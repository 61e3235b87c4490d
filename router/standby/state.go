package standby

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
)

// GroupState is a group as the screens see it.
type GroupState struct {
	Interface string       `json:"interface"`
	Group     int          `json:"group"`
	Version   int          `json:"version"`
	State     State        `json:"state"`
	Changes   int          `json:"state_changes"`
	Since     time.Time    `json:"last_change"`
	Address   netip.Addr   `json:"virtual_address,omitzero"` // invalid: it is not known
	Learned   bool         `json:"address_learned,omitempty"`
	Secondary []netip.Addr `json:"secondary_addresses,omitempty"`
	MAC       ip.MAC       `json:"virtual_mac"`
	Timing
	Standing
	Authentication
	Why     string       `json:"init_reason,omitempty"` // it is in the state Init
	Active  PeerState    `json:"active"`
	Standby PeerState    `json:"standby"`
	Name    string       `json:"name"`
	Named   bool         `json:"name_configured"`
	Tracks  []TrackState `json:"tracks,omitempty"`
}

// Standing is what a router is worth in its group.
type Standing struct {
	Priority int  `json:"priority"`
	Usual    int  `json:"configured_priority"`
	Preempt  bool `json:"preempt"`
	Delay    int  `json:"preempt_delay_sec,omitempty"`
}

// Authentication is how messages are authenticated.
type Authentication struct {
	MD5    bool   `json:"md5"`
	Text   bool   `json:"text"` // one is configured
	String string `json:"text_string,omitempty"`
}

// Timing is when a group speaks.
type Timing struct {
	Hello int       `json:"hello_ms"`
	Hold  int       `json:"hold_ms"`
	Next  time.Time `json:"next_hello,omitzero"` // zero: none is due
}

// PeerState is who has a role.
type PeerState struct {
	Who
	Priority int       `json:"priority,omitempty"`
	Expires  time.Time `json:"expires,omitzero"` // of another router
}

// TrackState is an object on which a group depends.
type TrackState struct {
	Object    int    `json:"object,omitempty"`
	Interface string `json:"interface,omitempty"` // where it is one
	Known     bool   `json:"exists"`
	Up        bool   `json:"up"`
	Decrement int    `json:"decrement,omitempty"`
	Shutdown  bool   `json:"shutdown,omitempty"`
}

// State is all groups, by interface as given and by number.
func (g *Groups) State() []GroupState {
	list := []GroupState{}
	for _, name := range slices.Sorted(maps.Keys(g.links)) {
		for _, x := range g.links[name].groups {
			list = append(list, stateOf(x))
		}
	}
	return list
}

// Named is the first group of a name; false: there is none.
func (g *Groups) Named(name string) (GroupState, bool) {
	for _, at := range slices.Sorted(maps.Keys(g.links)) {
		for _, x := range g.links[at].groups {
			if x.Name == name {
				return stateOf(x), true
			}
		}
	}
	return GroupState{}, false
}

func stateOf(x *group) GroupState {
	t := x.times()
	s := GroupState{
		Interface: x.on.name, Group: x.Number, Version: x.Version, State: x.state, Changes: x.changes, Since: x.since, Address: x.address,
		Learned: !x.Address.IsValid() && x.address.IsValid(), Secondary: x.Secondary, MAC: MAC(x.Version, x.Number),
		Timing: Timing{Hello: int(t.hello / time.Millisecond), Hold: int(t.hold / time.Millisecond), Next: x.hello.At()},
		Active: x.active.snapshot(), Standby: x.standby.snapshot(),
		Standing:       Standing{Priority: x.weight, Usual: x.Priority, Preempt: x.Preempt, Delay: int(x.Delay / time.Second)},
		Authentication: Authentication{MD5: x.Key != "", Text: x.Text != "", String: x.Text}, Why: x.why(), Name: x.Name, Named: x.Named,
	}
	for _, t := range x.Settings.Tracked {
		up, known := x.on.of.up(&t)
		s.Tracks = append(s.Tracks, TrackState{Object: t.Object, Interface: t.Interface, Known: known, Up: up, Decrement: t.Decrement, Shutdown: t.Shutdown})
	}
	return s
}

// why says what keeps a group from beginning; "": nothing does.
func (x *group) why() string {
	i := x.on.of.Stack.Interfaces.Get(x.on.name)
	switch {
	case x.state != Initial:
	case i == nil || !i.Protocol:
		return InterfaceDown
	case x.barred:
		return "tracking shutdown"
	}
	return ""
}

// InterfaceDown is that its interface carries nothing.
const InterfaceDown = "interface down"

func (p *peer) snapshot() PeerState {
	s := PeerState{Who: p.who, Priority: p.priority}
	if p.who.Address.IsValid() {
		s.Expires = p.timer.At()
	}
	return s
}
