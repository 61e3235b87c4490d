package system

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

const loggingHost = "logging host"

// loggingHostRow is `logging A.B.C.D`, the older spelling of `logging host A.B.C.D`,
// under which it is kept.
var loggingHostRow = editor.Row[iosconfig.Config]{
	Syntax: "logging <host:ip>", Help: "|Syslog server", NoEffect: true,
	Set: func(e *global, a syntax.Args) error {
		line := loggingHost + " " + a.Word("host")
		list := e.It.Texts.Family(loggingHost)
		list.Put(line, &iosconfig.Text{Line: line})
		e.It.Texts.SetFamily(loggingHost, list)
		e.Changed(iosconfig.KindText, loggingHost)
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		list := e.It.Texts.Family(loggingHost)
		list.Remove(loggingHost + " " + a.Word("host"))
		e.It.Texts.SetFamily(loggingHost, list)
		e.Changed(iosconfig.KindText, loggingHost)
		return nil
	},
}
