package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// rangeRow is `interface range …`: what is said below it is said of each.
var rangeRow = editor.Row[iosconfig.Config]{
	Syntax: "interface range <list:line>", Help: "|interface range command|Interfaces, as in Ethernet0/0-1 , Loopback1", Enters: true,
	Set: func(e *global, a syntax.Args) error {
		names, ok := syntax.InterfaceRange(a.Word("list"))
		if !ok {
			return a.Invalid("list")
		}
		for _, name := range names {
			if e.Lacks(name) {
				return a.Invalid("list")
			}
			if e.It.Interfaces.Get(name) == nil {
				e.It.Interfaces.Put(name, iosconfig.NewInterface(name))
				e.Changed(iosconfig.KindInterface, name)
			}
		}
		editor.EnterRange(e.Line, modeOf(e.It.Interfaces.Get(names[0])), names)
		return nil
	},
}
