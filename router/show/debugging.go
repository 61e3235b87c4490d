package show

import (
	"strings"

	"ikelab/iosconfig"
)

// Debugging is `show debugging`: the debugs that are on.
type Debugging struct {
	IKEv2  []string     `json:"ikev2"` // error, default, packet, internal
	Groups []DebugGroup `json:"groups"`
}

// DebugGroup are the debugs of a part of the router.
type DebugGroup struct {
	Name string   `json:"name"`
	On   []string `json:"on"`
}

// Lines is nothing while all is off.
func (s Debugging) Lines(iosconfig.Generation) []string {
	var p page
	if len(s.IKEv2) > 0 {
		p.line("IKEV2:")
	}
	for _, name := range s.IKEv2 {
		p.linef("  IKEv2 %s debugging is on", name)
	}
	for _, g := range s.Groups {
		p.add("", g.Name+":")
		for _, text := range g.On {
			p.line("  " + text)
		}
	}
	return p.lines
}

// DebugConditions is `show crypto debug-condition`.
type DebugConditions struct {
	On      bool     `json:"on"`
	IKE     bool     `json:"unmatched_ike"`
	IPsec   bool     `json:"unmatched_ipsec"`
	Engine  bool     `json:"unmatched_engine"`
	Peers   []string `json:"peers"`
	Subnets []string `json:"subnets"`
	Locals  []string `json:"locals"`
	VRFs    []string `json:"vrfs"`
}

// Lines is the screen; filters of which there are none have no line.
func (s DebugConditions) Lines(iosconfig.Generation) []string {
	var p page
	flag := func(on bool) string {
		if on {
			return "ON"
		}
		return "OFF"
	}
	p.add("", "Crypto conditional debug currently is turned "+flag(s.On))
	p.linef("IKE debug context unmatched flag:%s", flag(s.IKE))
	p.linef("IPsec debug context unmatched flag:%s", flag(s.IPsec))
	p.linef("Crypto Engine debug context unmatched flag:%s", flag(s.Engine))
	for _, list := range []struct {
		head   string
		values []string
	}{
		{"IKE peer IP address filters:", s.Peers}, {"IKE peer subnet filters:", s.Subnets}, {"IKE local IP address filters:", s.Locals}, {"VRF filters:", s.VRFs},
	} {
		if len(list.values) > 0 {
			p.add("", list.head, strings.Join(list.values, "   "))
		}
	}
	return p.line("").lines
}
