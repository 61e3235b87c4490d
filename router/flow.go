package router

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// flowsNow are the demands of the tunnels that are active.
func (r *Router) flowsNow() map[string]ikev2.ChildPolicy {
	flows := map[string]ikev2.ChildPolicy{}
	for _, t := range r.tunnels() {
		if t.active {
			flows[t.iface.Name] = r.flowOf(t)
		}
	}
	return flows
}

// protect tells the engine which demands are new, changed or gone.
func (r *Router) protect(now time.Time, before, after map[string]ikev2.ChildPolicy) (changed bool) {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, kept := after[name]; !kept {
			changed = true
			r.apply(now, r.engine.Unprotect(now, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !reflect.DeepEqual(before[name], after[name]) {
			changed = true
			r.apply(now, r.engine.Protect(now, after[name]))
		}
	}
	return changed
}

// flowOf is what a tunnel asks the engine for: everything, both ways.
func (r *Router) flowOf(t *tunnel) ikev2.ChildPolicy {
	p, c := r.ipsecProfile(t.config.Protection), &r.config.IPsec
	life := lifetimeOf(p.Lifetime, c.Lifetime)
	everything := []spd.Selector{spd.AnyIPv4()}
	return ikev2.ChildPolicy{
		Entry: t.iface.Name, Local: t.local, Remote: t.remote, Profile: p.IKEv2Profile, Suites: r.suites(p),
		PFS: ipsec.Group(p.PFS), Lifetime: orSeconds(life.Seconds, defaultLifetime), Kilobytes: kilobytesOf(life),
		Selectors: [2][]spd.Selector{everything, everything}, ResponderOnly: p.ResponderOnly,
	}
}

// espSettings are a tunnel's anti-replay window, what becomes of the DF bit and
// the TTL of outer packets.
func (r *Router) espSettings(t *tunnel) (window int, df crypto.DFBit, ttl uint8) {
	window, df, ttl = defaultWindow, crypto.DFCopy, ip.DefaultTTL
	if n := t.config.TTL; n != 0 {
		ttl = uint8(n)
	}
	if p, c := r.ipsecProfile(t.config.Protection), &r.config.IPsec; p != nil {
		window, df = windowOf(p.ReplayWindow, c.ReplayWindow), dfOf(p.DFBit, c.DFBit)
	}
	return window, df, ttl
}

// ipsecProfile finds `crypto ipsec profile NAME`, the smart default included.
func (r *Router) ipsecProfile(name string) *iosconfig.IPsecProfile {
	for _, p := range r.config.IPsec.Profiles {
		if p.Name == name {
			return p
		}
	}
	if name == defaultName && !r.config.IKEv2.NoDefaults.IPsecProfile {
		return &smartIPsecProfile
	}
	return nil
}

func (r *Router) transformSet(name string) *iosconfig.TransformSet {
	for _, s := range r.config.IPsec.TransformSets {
		if s.Name == name {
			return s
		}
	}
	if name == defaultName && !r.config.IKEv2.NoDefaults.TransformSet {
		return &smartTransformSet
	}
	return nil
}

// suites are a profile's transform sets, or the default one. Those that this
// router cannot do (AH, compression) are left out. A tunnel interface always
// uses tunnel mode, whatever the set says.
func (r *Router) suites(p *iosconfig.IPsecProfile) []ikev2.ESPSuite {
	names := p.TransformSets
	if len(names) == 0 {
		names = []string{defaultName}
	}
	var out []ikev2.ESPSuite
	for _, name := range names {
		if s := r.transformSet(name); s != nil {
			if suite, ok := suiteOf(s); ok {
				out = append(out, suite)
			}
		}
	}
	return out
}

func suiteOf(s *iosconfig.TransformSet) (ikev2.ESPSuite, bool) {
	suite := ikev2.ESPSuite{Name: s.Name}
	for _, word := range s.Transforms {
		word = strings.Join(strings.Fields(word), " ")
		if e, ok := espWords[word]; ok {
			suite.Encr = e
		} else if i, ok := hmacWords[word]; ok {
			suite.Integ = i
		} else {
			return suite, false
		}
	}
	if suite.Encr.AEAD() {
		suite.Integ = ipsec.IntegNone
	}
	return suite, suite.Encr.Known()
}

func lifetimeOf(own, global iosconfig.Lifetime) iosconfig.Lifetime {
	if own.Seconds == 0 {
		own.Seconds = global.Seconds
	}
	if own.Kilobytes == 0 && !own.KilobytesDisable {
		own.Kilobytes, own.KilobytesDisable = global.Kilobytes, global.KilobytesDisable
	}
	return own
}

func kilobytesOf(l iosconfig.Lifetime) uint64 {
	switch {
	case l.KilobytesDisable:
		return 0
	case l.Kilobytes == 0:
		return defaultKilobytes
	}
	return uint64(l.Kilobytes)
}

// windowOf: 0 is the next wider setting, -1 is off.
func windowOf(settings ...int) int {
	i := slices.IndexFunc(settings, func(n int) bool { return n != 0 })
	switch {
	case i < 0:
		return defaultWindow
	case settings[i] < 0:
		return 0
	}
	return settings[i]
}

func dfOf(settings ...string) crypto.DFBit {
	i := slices.IndexFunc(settings, func(s string) bool { return s != "" })
	switch {
	case i >= 0 && settings[i] == "set":
		return crypto.DFSet
	case i >= 0 && settings[i] == "clear":
		return crypto.DFClear
	}
	return crypto.DFCopy
}

// idleTime is a profile's idle time, or the global one; 0: none.
func (r *Router) idleTime(p *iosconfig.IPsecProfile) time.Duration {
	if p.IdleTime != 0 {
		return time.Duration(p.IdleTime) * time.Second
	}
	return time.Duration(r.config.IPsec.IdleTime) * time.Second
}

// requestOf is what a tunnel asks IKE for, as a record.
func requestOf(f ikev2.ChildPolicy) crypto.Requested {
	b := crypto.Requested{Entry: f.Entry, Local: f.Local, Remote: f.Remote, Lifetime: f.Lifetime, Kilobytes: f.Kilobytes}
	if len(f.Suites) > 0 {
		b.Encr, b.Integ = f.Suites[0].Encr, f.Suites[0].Integ
	}
	for side, ident := range []*crypto.Selector{&b.LocalIdent, &b.RemoteIdent} {
		if list := selectorStates(f.Selectors[side]); len(list) > 0 {
			*ident = list[0]
		}
	}
	return b
}
