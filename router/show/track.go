package show

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/track"
	"ikelab/router/words"
)

// Tracks is `show track [N]`.
type Tracks struct {
	Now     time.Time `json:"now"`
	Objects []Track   `json:"objects"`
}

// Track is a tracked object, and what depends on it.
type Track struct {
	track.ObjectState
	Tracked
	DelayUp   int      `json:"delay_up_sec,omitempty"`
	DelayDown int      `json:"delay_down_sec,omitempty"`
	Return    string   `json:"return_code,omitempty"` // of the operation
	RTT       int      `json:"rtt_ms,omitempty"`
	By        []string `json:"tracked_by,omitempty"`
}

// Tracked is what an object tracks, as the configuration says it.
type Tracked struct {
	Type      string       `json:"type"`      // interface, list, ip sla, ip route
	Parameter string       `json:"parameter"` // line-protocol, ip routing, boolean, state, reachability
	List      string       `json:"list,omitempty"`
	Prefix    netip.Prefix `json:"prefix,omitzero"`
}

func trackedOf(o *iosconfig.TrackedObject) Tracked {
	switch {
	case o.Interface != "" && o.Routing:
		return Tracked{Type: trackInterface, Parameter: "ip routing"}
	case o.Interface != "":
		return Tracked{Type: trackInterface, Parameter: "line-protocol"}
	case o.List != "":
		return Tracked{Type: trackList, Parameter: "boolean", List: o.List}
	case o.State:
		return Tracked{Type: trackSLA, Parameter: "state"}
	case o.Operation != 0:
		return Tracked{Type: trackSLA, Parameter: "reachability"}
	}
	return Tracked{Type: trackRoute, Parameter: "reachability", Prefix: o.Prefix}
}

// The types of tracked objects.
const (
	trackInterface = "interface"
	trackList      = "list"
	trackSLA       = "ip sla"
	trackRoute     = "ip route"
)

// TracksOf is of one object, or of all.
func TracksOf(s Source, now time.Time, number int) Tracks {
	out, state, c := Tracks{Now: now, Objects: []Track{}}, s.Tracking(), s.Running()
	for _, x := range state.Objects {
		o := c.Tracking.Objects.At(x.Number)
		if o == nil || number != 0 && number != x.Number {
			continue
		}
		v := Track{ObjectState: x, Tracked: trackedOf(o), DelayUp: o.DelayUp, DelayDown: o.DelayDown, By: trackedBy(c, x.Number)}
		for _, p := range state.Operations {
			if p.Number == x.Operation {
				v.Return, v.RTT = string(p.Code), p.RTTMillis
			}
		}
		out.Objects = append(out.Objects, v)
	}
	return out
}

// trackedBy are what depends on an object, in IOS's words; those of FlexVPN clients are a guess.
func trackedBy(c *iosconfig.Config, number int) (list []string) {
	for r := range c.Routes.All() {
		if r.Track == number {
			list = append(list, "Static IP Routing 0")
			break
		}
	}
	for o := range c.Tracking.Objects.All() {
		if slices.ContainsFunc(o.Members, func(m iosconfig.TrackMember) bool { return m.Number == number }) {
			list = append(list, "Track-list "+strconv.Itoa(o.Number))
		}
	}
	for f := range c.IKEv2.Clients.All() {
		if f.Track == number || slices.ContainsFunc(f.Peers, func(p iosconfig.FlexPeer) bool { return p.Track == number }) {
			list = append(list, "FlexVPN client "+f.Name)
		}
	}
	return list
}

func titled(up bool) string {
	if up {
		return "Up"
	}
	return "Down"
}

// Lines is object by object.
func (s Tracks) Lines(iosconfig.Generation) []string {
	var p page
	for _, v := range s.Objects {
		p.linef("Track %d", v.Number)
		p.add(v.states()...)
		plural := "s"
		if v.Changes == 1 {
			plural = ""
		}
		p.linef("    %d change%s, last change %s", v.Changes, plural, words.Age(s.Now.Sub(v.Since)))
		p.add(v.details()...)
		if len(v.By) > 0 {
			p.line("  Tracked by:")
		}
		for _, by := range v.By {
			p.linef("    %s", by)
		}
	}
	return p.lines
}

// states are what is tracked, and how it stands.
func (v *Track) states() []string {
	up := titled(v.Up)
	if v.Why != "" && !v.Up {
		up += " (" + v.Why + ")"
	}
	what := map[string]string{"ip routing": "IP routing", "line-protocol": "Line protocol", "state": "State", "reachability": "Reachability"}[v.Parameter]
	switch v.Type {
	case trackInterface:
		return []string{"  Interface " + v.Interface + " " + v.Parameter, "  " + what + " is " + up}
	case trackList:
		return []string{"  List boolean " + v.List, "  Boolean " + strings.ToUpper(v.List) + " is " + up}
	case trackSLA:
		return []string{"  IP SLA " + strconv.Itoa(v.Operation) + " " + v.Parameter, "  " + what + " is " + up}
	}
	if v.Up {
		up += " (" + routeSources[v.Code] + ")"
	} else {
		up += " (no ip route)"
	}
	return []string{"  IP route " + v.Prefix.Addr().String() + " " + iosconfig.MaskOf(v.Prefix) + " reachability", "  " + what + " is " + up}
}

var routeSources = map[string]string{"C": "connected", "L": "connected", "S": "static"}

// details follow the changes.
func (v *Track) details() (lines []string) {
	for _, m := range v.Members {
		line := "    object " + strconv.Itoa(m.Number)
		if m.Not {
			line += " not"
		}
		lines = append(lines, line+" "+titled(m.Up))
	}
	var delays []string
	if v.DelayUp != 0 {
		delays = append(delays, "up "+strconv.Itoa(v.DelayUp)+" secs")
	}
	if v.DelayDown != 0 {
		delays = append(delays, "down "+strconv.Itoa(v.DelayDown)+" secs")
	}
	if len(delays) > 0 {
		lines = append(lines, "  Delay "+strings.Join(delays, ", "))
	}
	if v.Type == trackRoute {
		lines = append(lines, "  First-hop interface is "+cmp.Or(v.Interface, "unknown"))
	}
	if v.Operation != 0 {
		lines = append(lines, "  Latest operation return code: "+cmp.Or(v.Return, string(track.Unknown)))
	}
	if v.RTT != 0 {
		lines = append(lines, "  Latest RTT (millisecs) "+strconv.Itoa(v.RTT))
	}
	return lines
}

// TracksBrief is `show track brief`.
type TracksBrief struct {
	Now     time.Time `json:"now"`
	Objects []Track   `json:"objects"`
}

// Lines is a table.
func (s TracksBrief) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Track Type        Instance                   Parameter        State Last Change")
	for _, v := range s.Objects {
		p.linef("%-5d %-11s %-26s %-16s %-5s %s", v.Number, v.Type, v.instance(), v.Parameter, titled(v.Up), words.Age(s.Now.Sub(v.Since)))
	}
	return p.lines
}

// instance is which one of its type is tracked.
func (v *Track) instance() string {
	switch v.Type {
	case trackInterface:
		return v.Interface
	case trackSLA:
		return strconv.Itoa(v.Operation)
	case trackRoute:
		return v.Prefix.String()
	}
	return ""
}
