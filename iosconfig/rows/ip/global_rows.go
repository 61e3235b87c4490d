package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// Where the rows are carried out.
type (
	global = editor.At[iosconfig.Config]
	iface  = editor.At[iosconfig.Interface]
)

// ipRows stand behind the interfaces.
var ipRows = []editor.Row[iosconfig.Config]{
	editor.KeptOn[iosconfig.Config]("ip forward-protocol nd", "|Controls forwarding of physical and directed IP broadcasts|Sun's Network Disk protocol"),
	editor.Kept[iosconfig.Config]("ip http server", "|HTTP server configuration|Enable http server"),
	editor.Kept[iosconfig.Config]("ip http secure-server", "||Enable HTTP secure server"),
	editor.KeptOn[iosconfig.Config]("ip classless", "|Follow classless routing forwarding rules"),
	editor.KeptOn[iosconfig.Config]("ip icmp rate-limit unreachable", "|Set ICMP parameters|Control rate|Rate limit unreachable messages"),
}
