package policy

import (
	"cmp"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
)

// ask has a policy ask IKE for what a profile or a crypto map says by `set …`.
func ask(c *iosconfig.Config, p *iosconfig.Protection, d *ikev2.ChildPolicy) {
	seconds, kilobytes := p.Lifetime.Within(c.IPsec.Lifetime).Limits()
	d.Padded = p.Padding != 0
	d.Profile, d.Suites, d.PFS = p.IKEv2Profile, suites(c, p.TransformSets), ipsec.Group(p.PFS)
	d.PFSAddKE = addedKE(p.PFSPQC)
	if windowOf(p.ReplayWindow, c.IPsec.ReplayWindow) == 0 { // "then the receiver SHOULD NOT negotiate ESN" (RFC 4303 3.3.3)
		for i := range d.Suites {
			d.Suites[i].ESN = false
		}
	}
	d.Lifetime, d.Kilobytes = time.Duration(seconds)*time.Second, uint64(kilobytes)
}

// dummies is how often there are packets that carry nothing, as the first says that says
// anything; 0: never.
func dummies(settings ...iosconfig.Dummies) time.Duration {
	for _, d := range settings {
		switch {
		case d.Rate > 0:
			return time.Second / time.Duration(d.Rate)
		case d.Seconds > 0:
			return time.Duration(d.Seconds) * time.Second
		case d.Given:
			return 0
		}
	}
	return 0
}

// protect has an entry at an interface do what they say, and what d asks for.
func protect(c *iosconfig.Config, i *iosconfig.Interface, p *iosconfig.Protection, d *ikev2.ChildPolicy, s *crypto.Settings) {
	s.Window, s.DF = windowOf(p.ReplayWindow, c.IPsec.ReplayWindow), dfOf(p.DFBit, i.Crypto.DFBit, c.IPsec.DFBit)
	s.FragmentAfter = cmp.Or(i.Crypto.Fragmentation, c.IPsec.Fragmentation) == "after-encryption"
	s.Idle, s.Dummies, s.Pad = idleTime(c, p.IdleTime), dummies(p.Dummies, c.IPsec.Dummies), p.Padding
	asked := crypto.Demand{Lifetime: d.Lifetime, Kilobytes: d.Kilobytes, Local: d.Selectors[0][0], Remote: d.Selectors[1][0]}
	if len(d.Suites) > 0 {
		asked.Encr, asked.Integ = d.Suites[0].Encr, d.Suites[0].Integ
		asked.Transport = d.Hosts && d.Suites[0].Transport
	}
	s.Demand = crypto.Share(asked)
}
