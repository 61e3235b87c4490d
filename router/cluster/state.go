package cluster

import (
	"net/netip"
	"time"
)

// State is a gateway's part of its cluster, as the screens see it.
type State struct {
	Configured bool          `json:"configured"`
	Role       Role          `json:"role"`
	Group      string        `json:"standby_group,omitempty"`
	Address    netip.Addr    `json:"cluster_address,omitzero"`
	Master     netip.Addr    `json:"master,omitzero"`
	Port       int           `json:"port,omitempty"`
	Hold       int           `json:"hold_ms,omitempty"`
	Hello      int           `json:"hello_ms,omitempty"`
	Update     int           `json:"update_ms,omitempty"`
	Overload   int           `json:"overload_percent,omitempty"`
	Weight     int           `json:"crypto_load_weight,omitempty"`
	Members    []MemberState `json:"gateways"` // that it knows, this one first
}

// MemberState is a gateway.
type MemberState struct {
	Address netip.Addr `json:"address,omitzero"`
	Role    Role       `json:"role"`
	Local   bool       `json:"local"`
	load
	Percent    float64   `json:"load_percent"`
	Sent       int       `json:"sent"` // clients on their way to it
	Heard      time.Time `json:"last_seen,omitzero"`
	Least      bool      `json:"least_loaded"`
	Overloaded bool      `json:"overloaded"`
}

// State is all that there is to tell.
func (c *Cluster) State() State {
	set := c.Settings
	s := State{Configured: set.Group != "", Role: c.role, Members: []MemberState{}}
	if !s.Configured {
		return s
	}
	millis := func(d time.Duration) int { return int(d / time.Millisecond) }
	s.Group, s.Master, s.Port, s.Hold, s.Hello, s.Update = set.Group, c.master, int(set.Port), millis(set.Hold), millis(set.Hello), millis(set.Update)
	s.Overload, s.Weight = set.Overload, set.Weight
	g, _ := c.Group(set.Group)
	s.Address = g.Address
	best := c.least(c.own())
	own := c.state(c.own())
	own.Local, own.Role, own.Least = true, c.role, best == nil && c.role == Master && !own.Overloaded
	if c.role == Master {
		own.Address = c.master
	}
	s.Members = append(s.Members, own)
	for _, m := range c.members {
		v := c.state(m.load)
		v.Address, v.Role, v.Heard, v.Sent, v.Least = m.at, Slave, m.heard, m.sent[0]+m.sent[1], m == best
		v.Overloaded = c.overloaded(m.expected())
		s.Members = append(s.Members, v)
	}
	return s
}

func (c *Cluster) state(l load) MemberState {
	return MemberState{load: l, Percent: l.percent(c.Settings.Weight), Overloaded: c.overloaded(l)}
}
