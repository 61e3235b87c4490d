package shell

import (
	"ikelab/iosconfig/syntax"
	"ikelab/router/debug"
	"ikelab/router/show"
)

// standbyRows are the screens of HSRP.
var standbyRows = []syntax.Command[exec]{
	{Syntax: "show standby [<interface:interface> [<group:0-4095>]]", Help: "|Hot Standby Router Protocol (HSRP) information|Interface name|group number", Set: always(func(x *exec, a args) show.Screen {
		return standbysOf(x, a, false)
	})},
	{Syntax: "show standby [<interface:interface> [<group:0-4095>]] brief", Help: "||Interface name|group number|Brief output", Set: always(func(x *exec, a args) show.Screen {
		return show.StandbysBrief(standbysOf(x, a, false))
	})},
	{Syntax: "show standby all", Help: "||Include groups in disabled state", Set: always(func(x *exec, a args) show.Screen {
		return standbysOf(x, a, true)
	})},
}

func standbysOf(x *exec, a args, all bool) show.Standbys {
	number := -1
	if a.Given("group") {
		number = a.Int("group")
	}
	return show.StandbysOf(x.d, x.now, a.Word("interface"), number, all)
}

// setStandby is `debug standby`: of all that there is, or of one kind.
func setStandby(x *exec, a args, on bool) error {
	all := !a.Has("errors") && !a.Has("events") && !a.Has("packets")
	for _, k := range []struct {
		word  string
		topic debug.Topic
	}{{"errors", debug.HSRPErrors}, {"events", debug.HSRPEvents}, {"packets", debug.HSRPPackets}} {
		if all || a.Has(k.word) {
			x.s.sh.switches.Set(k.topic, on)
			x.line(x.s.sh.switches.Says(k.topic))
		}
	}
	return nil
}
