package system

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// global is where the rows of global configuration are carried out.
type global = editor.At[iosconfig.Config]
