package show

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// SAAddresses is `show crypto ipsec sa address`: the SAs by where their packets go.
type SAAddresses struct {
	Now time.Time   `json:"now"`
	SAs []SAAddress `json:"sas"`
}

// SAAddress is one direction of a pair.
type SAAddress struct {
	crypto.SAState
	FVRF        string     `json:"fvrf,omitempty"`
	Destination netip.Addr `json:"destination"`
	Map         string     `json:"crypto_map"`
	Expires     time.Time  `json:"expires,omitzero"`
	UDP         bool       `json:"udp_encapsulated"`
	Ours        bool       `json:"initiator"` // this end began the exchange that made it
}

// SAAddressesOf sorts them.
func SAAddressesOf(s Source, now time.Time) SAAddresses {
	out := SAAddresses{Now: now, SAs: []SAAddress{}}
	for _, f := range s.Flows(Which{}) {
		for _, pair := range f.Pairs {
			one := SAAddress{FVRF: f.FVRF, Map: tagOf(f), Expires: pair.Expires, UDP: pair.UDP, Ours: pair.Ours}
			in, way := one, one
			in.SAState, in.Destination = pair.In, f.Local
			way.SAState, way.Destination = pair.Out, f.Remote
			out.SAs = append(out.SAs, in, way)
		}
	}
	slices.SortStableFunc(out.SAs, func(a, b SAAddress) int {
		return cmp.Or(cmp.Compare(a.FVRF, b.FVRF), a.Destination.Compare(b.Destination))
	})
	return out
}

// Lines shows address by address.
func (s SAAddresses) Lines(g iosconfig.Generation) []string {
	var p page
	for i, sa := range s.SAs {
		if i == 0 || s.SAs[i-1].Destination != sa.Destination || s.SAs[i-1].FVRF != sa.FVRF {
			p.linef("fvrf/address: %s/%s", orElse(sa.FVRF, "(none)"), words.Addr(sa.Destination)).line("   protocol: ESP")
		}
		p.line("      spi: " + words.SPI(sa.SPI))
		espOf(&p, &sa.SAState, &crypto.Pair{UDP: sa.UDP, Ours: sa.Ours, Expires: sa.Expires}, s.Now, sa.Map, g)
		p.line("")
	}
	return p.lines
}
