package ip

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// cryptoMapRow takes a name that means nothing, as IOS does, and tells.
var cryptoMapRow = editor.Row[iosconfig.Interface]{
	Syntax: "crypto map / <name:word> [redundancy <group:word> [stateful]]",
	Help:   "Encryption/Decryption commands|Assign a Crypto Map|Crypto Map tag|Enable redundancy|Redundancy group name|Enable stateful failover",
	Set: func(e *iface, a syntax.Args) error {
		name, of := a.Word("name"), e.Path[0]
		e.It.CryptoMap, e.It.Standby.MapTail = name, ""
		if a.Given("group") {
			e.It.Standby.MapTail = strings.TrimPrefix(a.String(), a.Head()+" "+name+" ")
			e.Note("% "+of+": crypto map "+name+" redundancy: accepted, but without effect here: the map speaks by the address of the interface", func(c *iosconfig.Config) bool {
				i := c.Interface(of)
				return i != nil && i.CryptoMap == name && i.Standby.MapTail != ""
			})
		}
		e.Note("% Crypto map "+name+" does not exist", func(c *iosconfig.Config) bool {
			i := c.Interface(of)
			return i != nil && i.CryptoMap == name && len(c.CryptoMap(name)) == 0 && !c.HasText(iosconfig.MapTexts, name)
		})
		e.Note("% "+of+": accepted, but a crypto map protects nothing on such an interface here", func(c *iosconfig.Config) bool {
			i := c.Interface(of)
			return i != nil && i.CryptoMap == name && i.Type.Logical()
		})
		return nil
	},
	Clear: func(e *iface, _ syntax.Args) error { e.It.CryptoMap, e.It.Standby.MapTail = "", ""; return nil },
	Show: func(e *iface) []string {
		return editor.Word("crypto map", strings.TrimSpace(e.It.CryptoMap+" "+e.It.Standby.MapTail))
	},
}
