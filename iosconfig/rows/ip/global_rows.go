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
