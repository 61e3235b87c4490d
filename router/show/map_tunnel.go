package show

import (
	"strconv"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
)

// A protected tunnel has a crypto map of its own, which nobody has typed: the profile, and an
// instance of it for the peer.
const (
	profileEntry  = 65536
	instanceEntry = profileEntry + 1
)

// tunnelMaps are the maps of the protected tunnels among w.
func tunnelMaps(c *iosconfig.Config, flows []crypto.FlowState, w Which) (list []CryptoMap) {
	for _, f := range flows {
		i := c.Interface(f.Interface)
		if f.Map != "" || i == nil || w.Map != "" && w.Map != tagOf(f) || w.Interface != "" && w.Interface != f.Interface {
			continue
		}
		p := c.IPsecProfile(i.Tunnel.Protection)
		if p == nil {
			continue
		}
		head := CryptoMap{
			Name: tagOf(f), Sequence: profileEntry, Profile: p.Name, Peers: []string{}, Permits: []string{}, IKEv2Profile: p.IKEv2Profile, ResponderOnly: p.ResponderOnly,
			PFS: p.PFS, PQC: added(p.PFSPQC), TransformSets: setsNamed(c, p.TransformSets), Interfaces: []string{f.Interface},
		}
		head.Seconds, head.Kilobytes = p.Lifetime.Within(c.IPsec.Lifetime).Limits()
		list = append(list, head)
		if f.Remote.IsValid() {
			one := head
			one.Sequence, one.Profile, one.Instance, one.Peers, one.CurrentPeer = instanceEntry, "", true, []string{f.Remote.String()}, f.Remote
			one.Permits = []string{protects(f)}
			list = append(list, one)
		}
	}
	return list
}

// protects is the line of the list that nobody has typed either.
func protects(f crypto.FlowState) string {
	if f.LocalIdent.Proto == 0 {
		return "permit ip any any"
	}
	return "permit " + iosconfig.ProtocolWord(strconv.Itoa(int(f.LocalIdent.Proto))) + " host " + f.Local.String() + " host " + f.Remote.String()
}
