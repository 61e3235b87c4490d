package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// Where the rows of each mode are carried out.
type (
	global       = editor.At[iosconfig.Config]
	proposal     = editor.At[iosconfig.Proposal]
	policy       = editor.At[iosconfig.Policy]
	peer         = editor.At[iosconfig.KeyringPeer]
	profile      = editor.At[iosconfig.Profile]
	transformSet = editor.At[iosconfig.TransformSet]
	cryptoMap    = editor.At[iosconfig.CryptoMap]
	cluster      = editor.At[iosconfig.Cluster]
	authorPolicy = editor.At[iosconfig.AuthorPolicy]
)
