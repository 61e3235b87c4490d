package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// ivrfRow is the VRF of what crypto maps with the profile protect. A tunnel interface is in
// one itself.
func ivrfRow() editor.Row[iosconfig.Profile] {
	row := editor.WordRow("ivrf", "word", "I-VRF of the profile|VPN Routing/Forwarding instance name", func(o *iosconfig.Profile) *string { return &o.IVRF })
	set := row.Set
	row.Set = func(e *profile, a syntax.Args) error {
		name, vrf := e.Path[0], a.Word("text")
		e.Note("% ivrf "+vrf+": accepted, but without effect while no crypto map has the profile: tunnel interfaces have `vrf forwarding`", func(c *iosconfig.Config) bool {
			p := c.Profile(name)
			return p != nil && p.IVRF == vrf && !iosconfig.Used(c, iosconfig.KindProfile.Named(name), iosconfig.KindCryptoMap)
		})
		return set(e, a)
	}
	return editor.Refers(row, editor.VRF("ivrf"))
}
