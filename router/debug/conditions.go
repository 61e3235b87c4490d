package debug

import (
	"net/netip"
	"reflect"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/router/record"
)

// Conditions are those of `debug crypto condition`: of the debugs of IKE and IPsec
// only the lines about these peers are printed. The zero value has none.
type Conditions struct {
	Peers     []netip.Prefix
	Locals    []netip.Addr
	VRFs      []string // nobody is in one: there is one routing table
	Unmatched Unmatched
	known     map[saKey]pair
	arrived   arrival
}

// arrival is the last datagram that came: what follows from it at once is about its
// sender, though its SA may be gone already.
type arrival struct {
	at   time.Time
	from netip.Addr
}

// Unmatched says of which debugs lines are printed of which it is not known whom they
// are about.
type Unmatched struct{ IKE, IPsec, Engine bool }

// saKey is an IKE SA as records name it all its life.
type saKey struct {
	id  int
	spi uint64
}

// pair are the two ends that a record is about; zero: not known.
type pair struct{ local, remote netip.Addr }

// mostKnown bounds what is kept of SAs that are no more.
const mostKnown = 1 << 12

// Any says whether there is a condition.
func (c *Conditions) Any() bool { return len(c.Peers)+len(c.Locals)+len(c.VRFs) > 0 }

// Admits says whether a line of a record is printed. sas are the IKE SAs that there
// are; it is asked when a record names one that has not been met yet.
func (c *Conditions) Admits(l Line, r record.Record, sas func() []ikev2.SAInfo) bool {
	if !c.Any() || l.Class > IPsec {
		return true
	}
	ends := c.ends(r, sas)
	switch {
	case ends.local.IsValid() && slices.Contains(c.Locals, ends.local):
		return true
	case ends.remote.IsValid():
		return slices.ContainsFunc(c.Peers, func(p netip.Prefix) bool { return p.Contains(ends.remote) })
	case l.Class == IPsec:
		return c.Unmatched.IPsec
	}
	return c.Unmatched.IKE
}

// ends are the two ends that a record is about: those it names itself, or those of
// its IKE SA.
func (c *Conditions) ends(r record.Record, sas func() []ikev2.SAInfo) pair {
	b := r.Body
	if p, ok := b.(ikev2.PacketArrived); ok {
		c.arrived = arrival{r.At, p.From.Addr()}
	}
	v := reflect.Indirect(reflect.ValueOf(b))
	var ref ikev2.Ref
	for _, name := range []string{"SA", "IKE"} {
		if f := v.FieldByName(name); f.IsValid() && f.Type() == reflect.TypeFor[ikev2.Ref]() {
			ref = f.Interface().(ikev2.Ref)
		}
	}
	key := saKey{ref.ID, ref.SPIi}
	own := pair{local: addressIn(v, "Local"), remote: addressIn(v, "Remote", "Peer", "From", "Addr")}
	if built, ok := b.(ikev2.MessageBuilt); ok {
		own = pair{built.From.Addr(), built.To.Addr()}
	}
	if ref.ID == 0 {
		return own
	}
	if _, met := c.known[key]; !met && !own.remote.IsValid() {
		for _, sa := range sas() {
			c.meet(saKey{sa.ID, sa.SPIi}, pair{sa.Local.Addr(), sa.Remote.Addr()})
		}
	}
	if own.remote.IsValid() {
		if !own.local.IsValid() {
			own.local = c.known[key].local
		}
		c.meet(key, own)
	}
	if ends, met := c.known[key]; met || !r.At.Equal(c.arrived.at) {
		return ends
	}
	return pair{remote: c.arrived.from}
}

// meet keeps the ends of an SA.
func (c *Conditions) meet(key saKey, p pair) {
	if c.known == nil || len(c.known) >= mostKnown {
		c.known = map[saKey]pair{}
	}
	c.known[key] = p
}

// addressIn is the address in the first field of these names that holds one.
func addressIn(v reflect.Value, names ...string) netip.Addr {
	for _, name := range names {
		f := v.FieldByName(name)
		if !f.IsValid() {
			continue
		}
		switch a := f.Interface().(type) {
		case netip.Addr:
			if a.IsValid() {
				return a
			}
		case netip.AddrPort:
			if a.IsValid() {
				return a.Addr()
			}
		}
	}
	return netip.Addr{}
}
