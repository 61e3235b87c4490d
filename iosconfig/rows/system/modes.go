package system

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// Where the rows are carried out.
type (
	global  = editor.At[iosconfig.Config]
	section = editor.At[iosconfig.Section]
)
