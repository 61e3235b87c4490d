package why

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
)

// Which IKE SA is whose: behind a NAT gateway several routers have one address, and the SPI
// that an SA's initiator chose is the same at both its ends.

// hasSA says whether an IKE SA of the end's device may be its own.
func hasSA(e *end, s *ikeSA) bool {
	if len(s.entries) > 0 {
		return slices.ContainsFunc(s.entries, e.owns)
	}
	return s.profile != "" && s.profile == e.profileName()
}

// profileName is the IKEv2 profile of the tunnel; "": it names none.
func (e *end) profileName() string {
	if p := e.protection(); p != nil {
		return p.IKEv2Profile
	}
	return ""
}

// together is how lately two ends have had one IKE SA, by its place among the first one's; 0:
// never.
func together(e, o *end) int {
	mine, theirs := e.w.of(e.name()), e.w.of(o.name())
	for i := range slices.Backward(mine.sas) {
		if s := &mine.sas[i]; hasSA(e, s) && theirs.knows(s.spi) && hasSA(o, theirs.sa(s.spi)) {
			return i + 1
		}
	}
	return 0
}

// meantOf are of several ends that may be the peer those that the IKE SAs say are, or if there
// were none, those whose identity the profile of one end names.
func meantOf(e *end, list []*end) []*end {
	lately := 0
	for _, o := range list {
		lately = max(lately, together(e, o))
	}
	fits := func(o *end) bool { return together(e, o) == lately }
	if lately == 0 {
		fits = func(o *end) bool { return calls(e, o) || calls(o, e) }
	}
	found := []*end{}
	for _, o := range list {
		if fits(o) {
			found = append(found, o)
		}
	}
	if len(found) == 0 {
		return list
	}
	return found
}

// calls says whether the profile of an end names the other one by the name that it says.
func calls(e, o *end) bool {
	p, q := e.ikeProfile(), o.ikeProfile()
	if p == nil || q == nil || q.LocalIdentity == nil {
		return false
	}
	for _, m := range p.MatchRemote {
		if m.Kind == q.LocalIdentity.Kind && m.Value == q.LocalIdentity.Value && !m.Domain {
			return true
		}
	}
	return false
}

// takes says whether a profile is for a peer by its name; one for all says nothing.
func takes(p *iosconfig.Profile, identity string) bool {
	return slices.ContainsFunc(p.MatchRemote, func(m iosconfig.Identity) bool {
		switch {
		case m.Kind == "any":
			return false
		case m.Mask.IsValid():
			a, err := netip.ParseAddr(identity)
			return err == nil && m.Mask.Contains(a)
		case m.Domain:
			return strings.HasSuffix(identity, "."+m.Value) || strings.HasSuffix(identity, "@"+m.Value)
		}
		return m.Value == identity
	})
}

// isOurs says whether an IKE SA with a peer at an address is one with the end's peer.
func isOurs(e *end, spi uint64, a netip.Addr) bool {
	switch j := e.w.of(e.name()); {
	case !isPeer(e, a):
		return false
	case !crowded(e, a):
		return true
	case j.knows(spi) && !hasSA(e, j.sa(spi)):
		return false
	case e.alone || e.peer == nil:
		return j.knows(spi)
	}
	return e.w.of(e.peer.name()).knows(spi)
}

// crowded says whether an address is also that of another end than the peer: of a router
// behind the same NAT gateway, or where another of its own tunnels leads.
func crowded(e *end, a netip.Addr) bool {
	if len(e.several) > 1 {
		return true
	}
	for _, part := range e.parts() {
		if part.profileName() != e.profileName() && slices.Contains(part.remotes(), a) {
			return true
		}
	}
	return false
}

// carriedTo says whether an ESP packet was sealed for this end, or may have been. One that
// comes late for a pair that has been here is none of a forgotten pair, unless the peer goes on with it.
func carriedTo(e *end, r crypto.Refused) bool {
	if _, still := stillSent(e, r); still {
		return true
	}
	here := func(since time.Time, fits func(crypto.Installed) bool) bool {
		return len(lately(e.w, e.name(), since, fits)) > 0
	}
	if r.Why == crypto.InvalidSPI && here(e.booted(), func(i crypto.Installed) bool { return i.Pair.In.SPI == r.SPI }) {
		return false
	}
	switch {
	case !crowded(e, r.From):
		return true
	case r.Why != crypto.InvalidSPI:
		return here(time.Time{}, func(i crypto.Installed) bool { return i.Pair.In.SPI == r.SPI && e.owns(i.Entry) })
	}
	return e.peer != nil && len(lately(e.w, e.peer.name(), time.Time{}, func(i crypto.Installed) bool { return i.Pair.Out.SPI == r.SPI && e.peer.owns(i.Entry) })) > 0
}

// stillSent says whether the peer sends by an SA that this end does not have, as the screens of both
// are now.
func stillSent(e *end, r crypto.Refused) (Evidence, bool) {
	if e.peer == nil || !e.peer.there() || r.Why != crypto.InvalidSPI {
		return Evidence{}, false
	}
	spi, _ := r.SPI.MarshalText()
	sends, proof := e.peer.field("crypto ipsec sa", fmt.Sprintf("%s|#(outbound_spi==%q).outbound_spi", flowsOf(e.peer), spi))
	held, _ := e.field("crypto ipsec sa", fmt.Sprintf("flows.#.pairs|@flatten|#(in.spi==%q).in.spi", spi))
	return proof, sends != "" && held == ""
}

// unasking says that an end never asks whether its peer is alive.
func unasking(e *end) (Evidence, bool) {
	asks, proof := e.field("crypto ikev2 sa", fmt.Sprintf("ike_sas.#(profile==%q).dpd.interval_seconds", e.profileName()))
	return proof, asks == "0"
}

// booted is when the router began to run.
func (d *device) booted() time.Time {
	started, _ := d.field("version", "started")
	return d.w.lab.Sim.Now().Add(-d.since(started) - time.Second)
}

// since is how long ago an instant is which a screen of the router shows, by its clock.
func (d *device) since(instant string) time.Duration {
	text, _ := d.field("version", "now")
	now, err := time.Parse(time.RFC3339Nano, text)
	at, err2 := time.Parse(time.RFC3339Nano, instant)
	if err != nil || err2 != nil {
		return 0
	}
	return now.Sub(at)
}
