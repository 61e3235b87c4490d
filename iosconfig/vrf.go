package iosconfig

// VRF is `vrf definition` or, in the old form that knows IPv4 only, `ip vrf`.
type VRF struct {
	Name        string
	Old         bool
	Description string
	RD          string
	Families    List[VRFFamily]
	Texts       Texts
}

// VRFFamily is `address-family ipv4` or `ipv6` of a VRF.
type VRFFamily struct {
	Name  string // "ipv4"
	Texts Texts
}

// Has says whether the VRF has an address family.
func (v *VRF) Has(family string) bool {
	return v.Old && family == "ipv4" || v.Families.Get(family) != nil
}
