package shell

import (
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// natShowRows and natClearRows are those of a router's address translation.
var natShowRows = []syntax.Command[exec]{
	{Syntax: "show ip nat translations [verbose]", Help: "||IP NAT information|Translation entries|Show extra information", Set: always(func(x *exec, a args) show.Screen {
		return show.Translations{Now: x.now, Flows: x.d.NAT(x.now).Flows, Verbose: a.Has("verbose")}
	})},
	{Syntax: "show ip nat statistics", Help: "|||Translation statistics", Set: always(func(x *exec, _ args) show.Screen {
		return show.NATStatisticsOf(x.d.NAT(x.now))
	})},
}

var natClearRows = []syntax.Command[exec]{
	{Syntax: "clear ip nat translation *", Help: "|IP|Clear NAT|Clear dynamic translation|Clear all dynamic translations", Set: does(func(x *exec) { x.d.ClearTranslations() })},
}
