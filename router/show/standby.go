package show

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/standby"
	"ikelab/router/words"
)

// Standbys is `show standby`: the groups of HSRP.
type Standbys struct {
	Now    time.Time            `json:"now"`
	Groups []standby.GroupState `json:"groups"`
}

// StandbysOf are those of an interface, or of all. all: with those that have no address yet, neither configured nor to be learned.
func StandbysOf(s Source, now time.Time, name string, number int, all bool) Standbys {
	out, states := Standbys{Now: now, Groups: []standby.GroupState{}}, s.HSRP()
	for i := range s.Running().Interfaces.All() {
		for n := range i.Standby.Groups {
			g := &i.Standby.Groups[n]
			if name != "" && name != i.Name() || number >= 0 && number != g.Number {
				continue
			}
			at := slices.IndexFunc(states, func(x standby.GroupState) bool { return x.Interface == i.Name() && x.Group == g.Number })
			switch {
			case at >= 0:
				out.Groups = append(out.Groups, states[at])
			case all || g.On:
				out.Groups = append(out.Groups, configured(s, i, g))
			}
		}
	}
	return out
}

// configured is a group that takes no part: it has no `ip`, or its interface carries no packets.
func configured(s Source, i *iosconfig.Interface, g *iosconfig.StandbyGroup) standby.GroupState {
	version := cmp.Or(i.Standby.Version, 1)
	x := standby.GroupState{
		Interface: i.Name(), Group: g.Number, Version: version, State: standby.Off, Since: s.Started(), Address: g.Address, Secondary: g.Secondary, MAC: standby.MAC(version, g.Number),
		Timing:         standby.Timing{Hello: cmp.Or(g.Hello, int(standby.DefaultHello/time.Millisecond)), Hold: cmp.Or(g.Hold, int(standby.DefaultHold/time.Millisecond))},
		Standing:       standby.Standing{Priority: g.Priority, Usual: g.Priority, Preempt: g.Preempt, Delay: g.Delays[0]},
		Authentication: standby.Authentication{MD5: g.MD5}, Name: cmp.Or(g.Name, fmt.Sprintf("hsrp-%s-%d", iosconfig.ShortName(i.Name()), g.Number)), Named: g.Name != "",
	}
	if g.On {
		x.State, x.Why = standby.Initial, standby.InterfaceDown
	}
	if !g.MD5 && g.Auth != "" {
		x.Authentication = standby.Authentication{Text: true, String: g.Auth}
	}
	return x
}

// Lines is group by group.
func (s Standbys) Lines(g iosconfig.Generation) []string {
	var p page
	for i := range s.Groups {
		standbyGroup(&p, s.Now, g, &s.Groups[i])
	}
	return p.lines
}

func standbyGroup(p *page, now time.Time, g iosconfig.Generation, x *standby.GroupState) {
	version := ""
	if x.Version == 2 {
		version = " (version 2)"
	}
	p.linef("%s - Group %d%s", x.Interface, x.Group, version)
	p.linef("  State is %s%s", x.State, map[bool]string{true: " (" + x.Why + ")"}[x.Why != ""])
	plural := "s"
	if x.Changes == 1 {
		plural = ""
	}
	if x.Changes > 0 {
		p.linef("    %d state change%s, last state change %s", x.Changes, plural, words.Age(now.Sub(x.Since)))
	}
	p.linef("  Virtual IP address is %s%s", addressOr(x.Address, "unknown"), map[bool]string{true: " (learnt)"}[x.Learned])
	for _, a := range x.Secondary {
		p.linef("    Secondary virtual IP address %v", a)
	}
	standbyMAC(p, g, x)
	p.linef("  Hello time %s, hold time %s", spanOf(x.Hello), spanOf(x.Hold))
	if !x.Next.IsZero() {
		p.linef("    Next hello sent in %s secs", thousandths(x.Next.Sub(now)))
	}
	switch {
	case x.MD5:
		p.line("  Authentication MD5, key-string")
	case x.Text:
		p.linef("  Authentication text, string %q", x.String)
	}
	switch {
	case x.Preempt && x.Delay > 0:
		p.linef("  Preemption enabled, delay min %d secs", x.Delay)
	case x.Preempt:
		p.line("  Preemption enabled")
	default:
		p.line("  Preemption disabled")
	}
	p.linef("  Active router is %s", standbyPeer(now, &x.Active))
	p.linef("  Standby router is %s", standbyPeer(now, &x.Standby))
	usual := "default"
	if x.Usual != iosconfig.StandbyPriority {
		usual = fmt.Sprintf("configured %d", x.Usual)
	} else if x.Priority != x.Usual {
		usual += " 100"
	}
	p.linef("  Priority %d (%s)", x.Priority, usual)
	for _, t := range x.Tracks {
		what := fmt.Sprintf("object %d", t.Object)
		if t.Interface != "" {
			what = "interface " + t.Interface
		}
		p.linef("    Track %s %s %s", what, trackWord(&t), trackEffect(&t))
	}
	how := "cfgd"
	if !x.Named {
		how = "default"
	}
	p.linef("  Group name is \"%s\" (%s)", x.Name, how)
}

// standbyMAC is the hardware address in use, and that of this router if it were active.
func standbyMAC(p *page, g iosconfig.Generation, x *standby.GroupState) {
	active := "unknown"
	if x.Active.Local || x.Active.Address.IsValid() {
		active = x.MAC.String()
	}
	if g == iosconfig.XE17 && active != "unknown" {
		use := "Not In Use"
		if x.Active.Local {
			use = "In Use"
		}
		active += " (MAC " + use + ")"
	}
	p.linef("  Active virtual MAC address is %s", active)
	p.linef("    Local virtual MAC address is %s (v%d default)", x.MAC, x.Version)
}

func trackWord(t *standby.TrackState) string {
	if !t.Known {
		return "(unknown)"
	}
	return "state " + titled(t.Up)
}

func trackEffect(t *standby.TrackState) string {
	if t.Shutdown {
		return "shutdown"
	}
	return fmt.Sprintf("decrement %d", t.Decrement)
}

func standbyPeer(now time.Time, p *standby.PeerState) string {
	switch {
	case p.Local:
		return "local"
	case !p.Address.IsValid():
		return "unknown"
	case p.Expires.IsZero():
		return fmt.Sprintf("%v, priority %d", p.Address, p.Priority)
	}
	return fmt.Sprintf("%v, priority %d (expires in %s sec)", p.Address, p.Priority, thousandths(p.Expires.Sub(now)))
}

func addressOr(a netip.Addr, none string) string {
	if a.IsValid() {
		return a.String()
	}
	return none
}

// spanOf is a time in seconds, or in milliseconds where it is no whole number of these.
func spanOf(millis int) string {
	if millis%1000 != 0 || millis == 0 {
		return fmt.Sprintf("%d msec", millis)
	}
	return fmt.Sprintf("%d sec", millis/1000)
}

func thousandths(d time.Duration) string { return fmt.Sprintf("%.3f", max(d, 0).Seconds()) }

// StandbysBrief is `show standby brief`.
type StandbysBrief struct {
	Now    time.Time            `json:"now"`
	Groups []standby.GroupState `json:"groups"`
}

// Lines is a table.
func (s StandbysBrief) Lines(iosconfig.Generation) []string {
	var p page
	p.line("                     P indicates configured to preempt.")
	p.line("                     |")
	p.line("Interface   Grp  Pri P State   Active          Standby         Virtual IP")
	for i := range s.Groups {
		x, preempt := &s.Groups[i], " "
		if x.Preempt {
			preempt = "P"
		}
		p.line(strings.TrimRight(fmt.Sprintf("%-11s %-4d %-3d %s %-7s %-15s %-15s %s", iosconfig.ShortName(x.Interface), x.Group, x.Priority, preempt, x.State, briefPeer(&x.Active), briefPeer(&x.Standby), addressOr(x.Address, "unknown")), " "))
	}
	return p.lines
}

func briefPeer(p *standby.PeerState) string {
	if p.Local {
		return "local"
	}
	return addressOr(p.Address, "unknown")
}
