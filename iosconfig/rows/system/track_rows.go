package system

import (
	"slices"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Tracked objects.

type trackedObject = editor.At[iosconfig.TrackedObject]

// trackSection makes an object. One that tracks something else has to go first.
var trackSection = editor.Section[iosconfig.Config, iosconfig.TrackedObject]{
	Syntax: "track <name:1-1000> / [{interface <interface:interface> {line-protocol|ip routing}|ip {route <prefix:ip> <mask:mask> reachability|sla <sla:1-2147483647> [{state|reachability}]}|list boolean list={and|or}}]",
	Help: "Object tracking configuration commands|Tracked object|Select an interface to track|Interface name|Track interface line-protocol|IP protocol|Track interface IP routing state" +
		"|IP protocol|IP route|IP prefix|IP prefix mask|Reachability|IP Service Level Agreement|Entry number|Return code state|Reachability|Group objects in a list|Boolean list|AND|OR",
	Mode: trackPlainMode,
	ModeOf: func(o *iosconfig.TrackedObject) *editor.Mode[iosconfig.TrackedObject] {
		switch {
		case o.List != "":
			return trackListMode
		case o.Prefix.IsValid():
			return trackRouteMode
		}
		return trackPlainMode
	},
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.TrackedObject] { return &c.Tracking.Objects },
	NameOf: func(o *iosconfig.TrackedObject) string { return strconv.Itoa(o.Number) },
	Head:   func(o *iosconfig.TrackedObject) string { return "track " + strconv.Itoa(o.Number) + " " + o.What() },
	Make:   makeTracked,
}

func makeTracked(e *global, o *iosconfig.TrackedObject, a syntax.Args) error {
	old := e.It.Tracking.Objects.At(o.Number)
	fresh := iosconfig.TrackedObject{
		Number: o.Number, Interface: a.Word("interface"), Routing: a.Has("routing"), Operation: a.Int("sla"), List: a.Word("list"),
	}
	fresh.State = fresh.Operation != 0 && !a.Has("reachability")
	if a.Given("prefix") {
		p, err := editor.NetArgs(a, "prefix", "mask")
		if err != nil {
			return err
		}
		fresh.Prefix = p.Masked()
	}
	switch given := a.Given("interface") || a.Given("prefix") || a.Given("sla") || a.Given("list"); {
	case !given && old == nil:
		return syntax.ErrIncomplete
	case !given:
		return nil
	case old != nil && old.What() != fresh.What():
		return syntax.Refuse("%% Track object %d tracks something else: remove it first", o.Number)
	case old == nil:
		*o = fresh
	}
	noteTracked(e, &fresh)
	return nil
}

// noteTracked tells what an object depends on that is not there.
func noteTracked(e *global, o *iosconfig.TrackedObject) {
	number, what := o.Number, o.What()
	stands := func(c *iosconfig.Config) bool {
		now := c.Tracking.Objects.At(number)
		return now != nil && now.What() == what
	}
	if n := o.Operation; n != 0 {
		e.Note("% track "+strconv.Itoa(number)+": IP SLA "+strconv.Itoa(n)+" does not exist", func(c *iosconfig.Config) bool {
			return stands(c) && c.Tracking.Operations.At(n) == nil
		})
	}
	if name := o.Interface; name != "" {
		e.Note("% track "+strconv.Itoa(number)+": Interface "+name+" does not exist", func(c *iosconfig.Config) bool { return stands(c) && c.Interface(name) == nil })
	}
}

func trackMode(rows ...editor.Row[iosconfig.TrackedObject]) *editor.Mode[iosconfig.TrackedObject] {
	return editor.NewMode(editor.Mode[iosconfig.TrackedObject]{
		Name: "config-track", Title: "Tracking instance configuration commands:", Kind: iosconfig.KindTrack,
		New: func(_ iosconfig.Generation, name string) *iosconfig.TrackedObject {
			n, _ := strconv.Atoi(name)
			return &iosconfig.TrackedObject{Number: n}
		},
		Get: func(c *iosconfig.Config, path []string) *iosconfig.TrackedObject {
			return c.Tracking.Objects.Get(path[0])
		},
		Put: func(c *iosconfig.Config, path []string, o *iosconfig.TrackedObject) {
			c.Tracking.Objects.Put(path[0], o)
		},
		Guard: func(_ *editor.Line, now *iosconfig.TrackedObject) error {
			if now == nil {
				return syntax.Refuse("%%Track object does not exist")
			}
			return nil
		},
	}, rows, []editor.Row[iosconfig.TrackedObject]{delayRow})
}

var (
	trackPlainMode = trackMode()
	trackRouteMode = trackMode(trackVRFRow)
	trackListMode  = trackMode(memberRow)
)

var trackVRFRow = editor.Refers(editor.WordRow("ip vrf", "word", "IP protocol|VPN Routing/Forwarding|VRF name", func(o *iosconfig.TrackedObject) *string { return &o.VRF }), editor.VRF("vrf"))

// delayRow is how long a change has to last before it counts.
var delayRow = editor.Row[iosconfig.TrackedObject]{
	Syntax: "delay / {up <up:1-180>|down <down:1-180>}...",
	Help:   "Tracking delay|Delay up change notification|Delay in seconds|Delay down change notification|Delay in seconds",
	Set: func(e *trackedObject, a syntax.Args) error {
		if a.Given("up") {
			e.It.DelayUp = a.Int("up")
		}
		if a.Given("down") {
			e.It.DelayDown = a.Int("down")
		}
		return nil
	},
	Clear: func(e *trackedObject, a syntax.Args) error {
		if !a.Given("down") || a.Given("up") {
			e.It.DelayUp = 0
		}
		if !a.Given("up") || a.Given("down") {
			e.It.DelayDown = 0
		}
		return nil
	},
	Show: func(e *trackedObject) []string {
		line := "delay"
		if e.It.DelayUp != 0 {
			line += " up " + strconv.Itoa(e.It.DelayUp)
		}
		if e.It.DelayDown != 0 {
			line += " down " + strconv.Itoa(e.It.DelayDown)
		}
		return editor.When(line != "delay", line)
	},
}

// memberRow is an object of a list.
var memberRow = editor.Row[iosconfig.TrackedObject]{
	Syntax: "object <member:1-1000> / [not]", Help: "Specify an object|Tracked object|Negate state of object",
	Set: func(e *trackedObject, a syntax.Args) error {
		n, list := a.Int("member"), e.It.Number
		if leadsTo(e.Config, n, list) {
			return syntax.Refuse("%% Track object %d cannot be part of itself", list)
		}
		e.It.Members = append(withoutMember(e.It.Members, n), iosconfig.TrackMember{Number: n, Not: a.Has("not")})
		slices.SortFunc(e.It.Members, func(a, b iosconfig.TrackMember) int { return a.Number - b.Number })
		e.Note("% track "+strconv.Itoa(list)+": Track object "+strconv.Itoa(n)+" does not exist", func(c *iosconfig.Config) bool {
			o := c.Tracking.Objects.At(list)
			return o != nil && slices.ContainsFunc(o.Members, func(m iosconfig.TrackMember) bool { return m.Number == n }) && c.Tracking.Objects.At(n) == nil
		})
		return nil
	},
	Clear: func(e *trackedObject, a syntax.Args) error {
		if e.It.Members = withoutMember(e.It.Members, a.Int("member")); len(e.It.Members) == 0 {
			e.It.Members = nil
		}
		return nil
	},
	Show: func(e *trackedObject) (lines []string) {
		for _, m := range e.It.Members {
			line := "object " + strconv.Itoa(m.Number)
			if m.Not {
				line += " not"
			}
			lines = append(lines, line)
		}
		return lines
	},
}

func withoutMember(list []iosconfig.TrackMember, n int) []iosconfig.TrackMember {
	return slices.DeleteFunc(slices.Clone(list), func(m iosconfig.TrackMember) bool { return m.Number == n })
}

// leadsTo says whether an object is another one, or depends on it.
func leadsTo(c *iosconfig.Config, from, to int) bool {
	seen := map[int]bool{}
	var look func(n int) bool
	look = func(n int) bool {
		if n == to {
			return true
		}
		o := c.Tracking.Objects.At(n)
		if o == nil || seen[n] {
			return false
		}
		seen[n] = true
		return slices.ContainsFunc(o.Members, func(m iosconfig.TrackMember) bool { return look(m.Number) })
	}
	return look(from)
}

var trackRows = []editor.Row[iosconfig.Config]{trackSection.Row()}
