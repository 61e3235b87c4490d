package ip

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// HSRP. A line without a number is of group 0.

const (
	standbyGroup     = "standby [<group:0-4095>] "
	standbyGroupHelp = "HSRP interface configuration commands|group number|"
)

// standbyRow is a row of a group. What edit does is done to a copy.
func standbyRow(form, help string, edit func(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error) editor.Row[iosconfig.Interface] {
	do := func(e *iface, a syntax.Args) error {
		if a.Int("group") > e.It.Standby.MaxGroup() {
			return a.Invalid("group")
		}
		g := e.It.Standby.Group(a.Int("group"))
		if err := edit(e, a, &g); err != nil {
			return err
		}
		e.It.Standby.Set(g)
		return nil
	}
	return editor.Row[iosconfig.Interface]{Syntax: standbyGroup + form, Help: standbyGroupHelp + help, Set: do, Clear: do}
}

var standbyRows = append([]editor.Row[iosconfig.Interface]{
	standbyVersionRow,
	withLines(standbyRow("ip / [<address:ip> [secondary]]", "Enable HSRP and set the virtual IP address|Virtual IP address|Make this IP address a secondary virtual IP address", setVirtual)),
	standbyRow("timers / {msec <hellom:15-999>|<hello:1-254>} {msec <holdm:50-3000>|<hold:1-255>}",
		"Hello and hold timers|Specify hello interval in milliseconds|Hello interval in milliseconds|Hello interval in seconds|Specify hold time in milliseconds|Hold time in milliseconds|Hold time in seconds", setHello),
	standbyRow("priority / <priority:0-255>", "Priority level|Priority value", func(_ *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
		if g.Priority = a.Int("priority"); a.No || a.Default {
			g.Priority = iosconfig.StandbyPriority
		}
		return nil
	}),
	standbyRow("preempt / [delay {minimum <delay:0-3600>|reload <reload:0-3600>|sync <sync:0-3600>}...]",
		"Overthrow lower priority Active routers|Wait before preempting|Delay at least this long|Number of seconds for minimum delay|Delay after reload|Number of seconds for reload delay|Wait for IP redundancy clients|Number of seconds for sync delay", setPreempt),
	standbyRow("authentication / {[text] <auth:secret-line>|md5 {key-string [{0|7}] <key:secret> [timeout <timeout:0-32767>]|key-chain <chain:word>}}",
		"Authentication|Plain text authentication|Plain text authentication string (8 chars max)|Use MD5 authentication|Set key string|Specifies an UNENCRYPTED key string will follow|Specifies a HIDDEN key string will follow|Key string|Set timeout for the key string before|Timeout in seconds|Set key chain|Name of the key chain", setAuthentication),
	standbyRow("name / <name:word>", "Redundancy name string|name string", setGroupName),
	standbyRow("track <object:1-1000> / [{decrement <decrement:1-255>|shutdown}]", "Priority tracking|Track object number|Priority decrement|Decrement value|Shutdown group", setGroupTrack),
	standbyRow("track <interface:interface> / [<lower:1-255>]", "Priority tracking|Interface whose line protocol is tracked|Priority decrement", setGroupTrack),
	standbyRow("{follow|mac-address|ipv6|arp} <rest:line>", "Name of HSRP group to follow|Virtual MAC address|Enable HSRP for IPv6|ARP|Kept as it is typed", setOther),
}, standbyTexts...)

// standbyTexts are of the whole interface.
var standbyTexts = interfaceTexts(
	editor.Family{Words: "standby bfd", Help: "|Enable HSRP BFD", Says: saysNothing("BFD is")},
	editor.Family{Words: "standby delay", Help: "|HSRP initialisation delay", Says: saysNothing("it is")},
	editor.Family{Words: "standby mac-refresh", Help: "|Refresh MAC cache on switch by periodically sending packet from virtual mac address", Says: saysNothing("it is")},
	editor.Family{Words: "standby redirect", Help: "|Configure sending of ICMP Redirect messages with an HSRP virtual IP address as the gateway IP address"},
	editor.Family{Words: "standby use-bia", Help: "|HSRP uses interface's burned in address", Says: saysNothing("the virtual hardware address is always used, and this line is")},
)

var standbyVersionRow = editor.Row[iosconfig.Interface]{
	Syntax: "standby version / <version:1-2>", Help: "|HSRP version|Version number",
	Set: func(e *iface, a syntax.Args) error {
		s := &e.It.Standby
		if a.Int("version") == 1 && len(s.Groups) > 0 && s.Groups[len(s.Groups)-1].Number > 255 {
			return syntax.Refuse("%% Cannot change to version 1: group number %d is out of range", s.Groups[len(s.Groups)-1].Number)
		}
		s.Version = editor.Unless(a.Int("version"), 1)
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error {
		s := &e.It.Standby
		if len(s.Groups) > 0 && s.Groups[len(s.Groups)-1].Number > 255 {
			return syntax.Refuse("%% Cannot change to version 1: group number %d is out of range", s.Groups[len(s.Groups)-1].Number)
		}
		s.Version = 0
		return nil
	},
	Show: func(e *iface) []string { return editor.Number("standby version", e.It.Standby.Version) },
}

// withLines has a row show all that is said of groups: their lines stand together.
func withLines(row editor.Row[iosconfig.Interface]) editor.Row[iosconfig.Interface] {
	row.Show = func(e *iface) (lines []string) {
		for i := range e.It.Standby.Groups {
			lines = append(lines, e.It.Standby.Groups[i].Lines()...)
		}
		return lines
	}
	return row
}

// setVirtual is the address of a group.
func setVirtual(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	at, second := a.Addr("address"), a.Has("secondary")
	switch {
	case (a.No || a.Default) && second:
		g.Secondary = editor.Without(g.Secondary, []netip.Addr{at})
		return nil
	case a.No, a.Default:
		if a.Given("address") && at != g.Address {
			return syntax.Refuse("%% Address %v is not that of the group", at)
		}
		g.On, g.Address, g.Secondary = false, netip.Addr{}, nil
		return nil
	}
	if a.Given("address") {
		if err := virtualError(e, at, g, second); err != nil {
			return err
		}
	}
	if second {
		if !slices.Contains(g.Secondary, at) {
			g.Secondary = append(slices.Clone(g.Secondary), at)
		}
		return nil
	}
	g.On, g.Address = true, at
	noteVirtual(e, g.Number, at)
	if carriesNothing(e.It) != nil {
		noteGroup(e, g.Number, "ip", func(now *iosconfig.StandbyGroup) bool { return now.On })
	}
	return nil
}

// virtualError says why a group cannot have an address: it is nobody's, or somebody's already.
func virtualError(e *iface, at netip.Addr, of *iosconfig.StandbyGroup, second bool) error {
	if first := at.As4()[0]; first == 0 || first == 127 || first >= 224 {
		return syntax.Refuse("%% Not a valid host address - %v", at)
	}
	for _, own := range append([]netip.Prefix{e.It.Address}, e.It.Secondary...) {
		switch {
		case own.Addr() == at:
			return syntax.Refuse("%% address cannot equal interface IP address")
		case edge(own, at):
			return syntax.Refuse("%% Not a valid host address - %v", at)
		}
	}
	for _, g := range e.It.Standby.Groups {
		if g.Number != of.Number && slices.Contains(g.Addresses(), at) {
			return syntax.Refuse("%% address %v in use by group %d on this interface", at, g.Number)
		}
	}
	if other := e.Overlap(e.It.Name(), e.It.VRF, netip.PrefixFrom(at, at.BitLen())); other != "" {
		return syntax.Refuse("%% %v overlaps with %s", at, other)
	}
	switch {
	case second && !of.On:
		return syntax.Refuse("%% Group %d has no primary virtual IP address", of.Number)
	case second && at == of.Address:
		return syntax.Refuse("%% address %v is the primary one of group %d", at, of.Number)
	case !second && slices.Contains(of.Secondary, at):
		return syntax.Refuse("%% address %v is a secondary one of group %d", at, of.Number)
	}
	return nil
}

// edge says whether an address is that of a network, or its broadcast address.
func edge(p netip.Prefix, a netip.Addr) bool {
	return p.IsValid() && p.Bits() < 31 && (a == p.Masked().Addr() || a == broadcastOf(p))
}

// sharedError says why an interface cannot have an address: routers share it there already.
func sharedError(e *iface, p netip.Prefix) error {
	for n := range e.It.Standby.Groups {
		g := &e.It.Standby.Groups[n]
		for _, a := range g.Addresses() {
			if a == p.Addr() || edge(p, a) {
				return syntax.Refuse("%% %v is a virtual IP address of group %d on this interface", a, g.Number)
			}
		}
	}
	return nil
}

// noteVirtual tells of an address that no host of the link can have as its gateway.
func noteVirtual(e *iface, number int, at netip.Addr) {
	name := e.It.Name()
	e.Note("% Warning: address is not within a subnet on this interface", func(c *iosconfig.Config) bool {
		i := c.Interface(name)
		if i == nil || !at.IsValid() || !i.Address.IsValid() || i.Standby.Group(number).Address != at {
			return false
		}
		return !i.Address.Contains(at) && !slices.ContainsFunc(i.Secondary, func(p netip.Prefix) bool { return p.Contains(at) })
	})
}

func setHello(_ *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	if g.Hello, g.Hold, g.Millis = 0, 0, [2]bool{}; a.No || a.Default {
		return nil
	}
	g.Hello, g.Hold = a.Int("hello")*1000+a.Int("hellom"), a.Int("hold")*1000+a.Int("holdm")
	g.Millis = [2]bool{a.Given("hellom"), a.Given("holdm")}
	if g.Hold <= g.Hello {
		return syntax.Refuse("%% holdtime must be greater than hellotime")
	}
	return nil
}

const (
	mostText = 8  // of authentication (RFC 2281 5.1)
	mostKey  = 64 // of MD5
)

func setPreempt(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	g.Preempt, g.Delays = !a.No && !a.Default, [3]int{}
	if !g.Preempt {
		return nil
	}
	g.Delays = [3]int{a.Int("delay"), a.Int("reload"), a.Int("sync")}
	if g.Delays[1] != 0 || g.Delays[2] != 0 {
		noteGroup(e, g.Number, "preempt delay reload and sync", func(now *iosconfig.StandbyGroup) bool { return now.Delays[1] != 0 || now.Delays[2] != 0 })
	}
	return nil
}

// setAuthentication is by a text, or by MD5 with a key: only one at a time.
func setAuthentication(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	g.Auth, g.MD5, g.Hidden, g.Chain, g.Timeout = "", false, false, "", 0
	switch {
	case a.No, a.Default:
	case a.Given("chain"):
		g.Chain = a.Word("chain")
		noteGroup(e, g.Number, "authentication md5 key-chain", func(now *iosconfig.StandbyGroup) bool { return now.Chain != "" })
	case a.Given("key"):
		word := a.Word("key")
		if a.Has("7") && !iosconfig.ValidHash("7", word) {
			return syntax.Refuse("%% Invalid encrypted keystring")
		}
		g.Auth, g.MD5, g.Hidden = word, true, a.Has("7")
		if len(g.Key()) > mostKey {
			return syntax.Refuse("%% Key string too long: %d characters at most", mostKey)
		}
		if !g.Hidden && e.Config.HidesPasswords() {
			g.Auth, g.Hidden = iosconfig.HideKey(word), true
		}
		if g.Timeout = a.Int("timeout"); g.Timeout != 0 {
			noteGroup(e, g.Number, "authentication md5 timeout", func(now *iosconfig.StandbyGroup) bool { return now.Timeout != 0 })
		}
	default:
		if g.Auth = a.Word("auth"); strings.ContainsRune(g.Auth, ' ') {
			return syntax.Refuse("%% Authentication string is one word")
		}
		if len(g.Auth) > mostText {
			return syntax.Refuse("%% Authentication string too long: %d characters at most", mostText)
		}
	}
	return nil
}

// noteGroup tells of a line of a group that has no effect, as long as it stands.
func noteGroup(e *iface, number int, what string, stands func(now *iosconfig.StandbyGroup) bool) {
	name := e.It.Name()
	e.Note("% "+name+": standby "+strconv.Itoa(number)+" "+what+": accepted, but without effect here", func(c *iosconfig.Config) bool {
		i := c.Interface(name)
		if i == nil {
			return false
		}
		g := i.Standby.Group(number)
		return stands(&g)
	})
}

// setGroupName names a group: a name is one of the whole router.
func setGroupName(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	if a.No || a.Default {
		g.Name = ""
		return nil
	}
	name := a.Word("name")
	for i := range e.Config.Interfaces.All() {
		for _, o := range i.Standby.Groups {
			if o.Name == name && (i.Name() != e.It.Name() || o.Number != g.Number) {
				return syntax.Refuse("%% Group name %s is in use by group %d on %s", name, o.Number, i.Name())
			}
		}
	}
	g.Name = name
	return nil
}

func setGroupTrack(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	t := iosconfig.StandbyTrack{
		Object: a.Int("object"), Interface: a.Word("interface"), Decrement: editor.Unless(a.Int("decrement")+a.Int("lower"), iosconfig.StandbyDecrement), Shutdown: a.Has("shutdown"),
	}
	list := slices.DeleteFunc(slices.Clone(g.Tracks), func(o iosconfig.StandbyTrack) bool { return o.Object == t.Object && o.Interface == t.Interface })
	if !a.No && !a.Default {
		at := slices.IndexFunc(list, func(o iosconfig.StandbyTrack) bool {
			return cmp.Or(cmp.Compare(o.Object, t.Object), cmp.Compare(o.Interface, t.Interface)) > 0
		})
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, t)
		noteGroupTrack(e, g.Number, t)
	}
	if g.Tracks = list; len(list) == 0 {
		g.Tracks = nil
	}
	return nil
}

// noteGroupTrack tells of an object that there is not.
func noteGroupTrack(e *iface, number int, t iosconfig.StandbyTrack) {
	name, what, object := e.It.Name(), "object", strconv.Itoa(t.Object)
	if t.Interface != "" {
		what, object = "interface", t.Interface
	}
	e.Note("% "+name+": standby "+strconv.Itoa(number)+" track "+object+": the "+what+" does not exist, which is as if it were down", func(c *iosconfig.Config) bool {
		i := c.Interface(name)
		if i == nil {
			return false
		}
		g := i.Standby.Group(number)
		if t.Interface != "" {
			return slices.Contains(g.Tracks, t) && c.Interface(t.Interface) == nil
		}
		return slices.Contains(g.Tracks, t) && c.Tracking.Objects.At(t.Object) == nil
	})
}

// setOther keeps a line that has no effect, and says so.
func setOther(e *iface, a syntax.Args, g *iosconfig.StandbyGroup) error {
	words := strings.Fields(a.String())[1:]
	if a.Given("group") {
		words = words[1:]
	}
	line := strings.Join(words, " ")
	g.Others = editor.Without(g.Others, []string{line})
	if a.No || a.Default {
		return nil
	}
	g.Others = append(g.Others, line)
	noteGroup(e, g.Number, syntax.PublicText(line), func(now *iosconfig.StandbyGroup) bool { return slices.Contains(now.Others, line) })
	return nil
}
