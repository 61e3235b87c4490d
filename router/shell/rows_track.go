package shell

import (
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// trackRows are the screens of tracked objects, and of IP SLA.
var trackRows = []syntax.Command[exec]{
	{Syntax: "show track [<number:1-1000>]", Help: "|Tracking information|Tracked object number", Set: always(func(x *exec, a args) show.Screen {
		return show.TracksOf(x.d, x.now, a.Int("number"))
	})},
	{Syntax: "show track brief", Help: "||Brief output", Set: always(func(x *exec, _ args) show.Screen {
		return show.TracksBrief(show.TracksOf(x.d, x.now, 0))
	})},
	{Syntax: "show track <number:1-1000> brief", Help: "||Tracked object number|Brief output", Set: always(func(x *exec, a args) show.Screen {
		return show.TracksBrief(show.TracksOf(x.d, x.now, a.Int("number")))
	})},
	{Syntax: "show ip sla statistics [<number:1-2147483647>]", Help: "||IP Service Level Agreement|IP SLAs Statistics|Entry number", Set: always(func(x *exec, a args) show.Screen {
		clock := x.s.sh.shows
		return show.SLAStatistics{Now: clock(x.now), Operations: show.OperationsOf(x.d, a.Int("number"), clock)}
	})},
	{Syntax: "show ip sla summary", Help: "|||IP SLAs Statistics Summary", Set: always(func(x *exec, _ args) show.Screen {
		clock := x.s.sh.shows
		return show.SLASummary{Now: clock(x.now), Operations: show.OperationsOf(x.d, 0, clock)}
	})},
	{Syntax: "show ip sla configuration [<number:1-2147483647>]", Help: "|||IP SLAs Configuration|Entry number", Set: always(func(x *exec, a args) show.Screen {
		return show.SLAConfigurationOf(x.d, a.Int("number"))
	})},
}
