package crypto

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Lines of crypto maps that nothing acts on: entries that dynamic maps fill in, and what
// clients are asked for. They are kept as they are typed.

var dynamicEntryRow = mapText("crypto map <name:word> <sequence:1-65535> ipsec-isakmp dynamic <dynamic:word> [discover]",
	"|||||Enable dynamic crypto map support|Name of dynamic-map|Enable peer discovery", noMaps, editor.Text("dynamic", "Dynamic map", "crypto dynamic-map"))

var mapClientRow = mapText("crypto map <name:word> client {authentication list <list:word>|configuration address {initiate|respond}}",
	"|||Specify client configuration settings|Configure client authentication|AAA list|List|Configure client configuration mode|Address|Push the address to the client|Respond to requests from the client",
	mapsKept, editor.Text("list", "AAA authentication list", "aaa authentication login"))

var mapAuthorizationRow = mapText("crypto map <name:word> isakmp authorization list <list:word>",
	"|||ISAKMP|ISAKMP authorization parameters|AAA list|List", mapsKept, editor.Text("list", "AAA authorization list", "aaa authorization network"))

const mapsKept = "crypto map: accepted, but clients are not configured here"

// mapText keeps a line of a crypto map.
func mapText(command, help, says string, refs ...editor.Reference) editor.Row[iosconfig.Config] {
	return editor.Refers(editor.Row[iosconfig.Config]{
		Syntax: command, Help: help, NoEffect: true,
		Set: func(e *global, a syntax.Args) error {
			line := a.String()
			list := e.It.Texts.Family(iosconfig.MapTexts)
			list.Put(line, &iosconfig.Text{Line: line})
			putMapTexts(e, list)
			e.Note("% "+says, func(c *iosconfig.Config) bool {
				now := c.Texts.Family(iosconfig.MapTexts)
				return now.Get(line) != nil
			})
			return nil
		},
		Clear: func(e *global, a syntax.Args) error { clearMapTexts(e, a.String()); return nil },
	}, refs...)
}

func putMapTexts(e *global, list iosconfig.List[iosconfig.Text]) {
	e.It.Texts.SetFamily(iosconfig.MapTexts, list)
	e.Changed(iosconfig.KindText, iosconfig.MapTexts)
}

// clearMapTexts takes away the lines that begin so.
func clearMapTexts(e *global, head string) {
	list := e.It.Texts.Family(iosconfig.MapTexts)
	before := list.Len()
	for t := range list.All() {
		if t.Line == head || strings.HasPrefix(t.Line, head+" ") {
			list.Remove(t.Line)
		}
	}
	if list.Len() < before {
		putMapTexts(e, list)
	}
}
