package iosconfig

import (
	"fmt"
	"net/netip"
)

// Translation is `ip nat …` of global configuration.
type Translation struct {
	Pools    List[NATPool]
	Sources  List[NATSource]
	Static   List[NATStatic]
	Timeouts List[NATTimeout]
}

// The sides of `ip nat inside` and `ip nat outside`.
const (
	NATInside  = "inside"
	NATOutside = "outside"
)

// NATPool is `ip nat pool`.
type NATPool struct {
	Name        string
	First, Last netip.Addr
	Bits        int
	Prefixed    bool // written with prefix-length
}

// NATSource is `ip nat inside source {list|route-map} …`.
type NATSource struct {
	List, RouteMap  string // one of them
	Interface, Pool string // one of them
	Overload        bool
}

// Key is what it is found by: one list has one rule.
func (s *NATSource) Key() string { return s.what() }

func (s *NATSource) what() string {
	if s.RouteMap != "" {
		return "route-map " + s.RouteMap
	}
	return "list " + s.List
}

// String is the line without its head.
func (s *NATSource) String() string {
	text := s.what() + " pool " + s.Pool
	if s.Interface != "" {
		text = s.what() + " interface " + s.Interface
	}
	if s.Overload {
		text += " overload"
	}
	return text
}

// NATStatic is `ip nat inside source static`; without a protocol, of whole addresses.
type NATStatic struct {
	Protocol              string
	Local, Global         netip.Addr
	LocalPort, GlobalPort int
	Interface             string // whose address is the global one
	Extendable            bool
	RouteMap              string // which packets that leave it is for; "": all
}

// Key is what it is found by: what is inside.
func (s *NATStatic) Key() string {
	return fmt.Sprintf("%s %v %d %v %d %s", s.Protocol, s.Local, s.LocalPort, s.Global, s.GlobalPort, s.Interface)
}

// String is the line without its head.
func (s *NATStatic) String() string {
	text := fmt.Sprintf("static %v %v", s.Local, s.Global)
	switch {
	case s.Protocol != "" && s.Interface != "":
		text = fmt.Sprintf("static %s %v %d interface %s %d", s.Protocol, s.Local, s.LocalPort, s.Interface, s.GlobalPort)
	case s.Protocol != "":
		text = fmt.Sprintf("static %s %v %d %v %d", s.Protocol, s.Local, s.LocalPort, s.Global, s.GlobalPort)
	case s.Interface != "":
		text = fmt.Sprintf("static %v interface %s", s.Local, s.Interface)
	}
	if s.RouteMap != "" {
		text += " route-map " + s.RouteMap
	}
	if s.Extendable {
		text += " extendable"
	}
	return text
}

// NATTimeout is `ip nat translation …`: seconds, or how many there may be.
type NATTimeout struct {
	Word    string
	Seconds int
}
