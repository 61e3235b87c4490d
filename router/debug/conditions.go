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
	Fronts    []string // VRFs in front, and
	Insides   []string // those of what is protected
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

// pair are the two ends that a record is about, and their VRFs; zero: not known.
type pair struct {
	local, remote netip.Addr
	front, inside string
}

// Ends are an IKE SA as conditions ask for it.
type Ends struct {
	ID            int
	SPIi          uint64
	Local, Remote netip.Addr
	FVRF, IVRF    string
}

// mostKnown bounds what is kept of SAs that are no more.
const mostKnown = 1 << 12

// Any says whether there is a condition.
func (c *Conditions) Any() bool { return len(c.Peers)+len(c.Locals) > 0 || c.byVRF() }

func (c *Conditions) byVRF() bool { return len(c.Fronts)+len(c.Insides) > 0 }

// Admits says whether a line of a record is printed. sas are the IKE SAs that there
// are; it is asked when a record names one that has not been met yet.
func (c *Conditions) Admits(l Line, r record.Record, sas func() []Ends) bool {
	if !c.Any() || l.Class > IPsec {
		return true
	}
	ends := c.ends(r, sas)
	switch {
	case ends.local.IsValid() && slices.Contains(c.Locals, ends.local), ends.front != "" && slices.Contains(c.Fronts, ends.front),
		ends.inside != "" && slices.Contains(c.Insides, ends.inside):
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
func (c *Conditions) ends(r record.Record, sas func() []Ends) pair {
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
		own = pair{local: built.From.Addr(), remote: built.To.Addr()}
	}
	if ref.ID == 0 {
		return own
	}
	if before, met := c.known[key]; !met && !own.remote.IsValid() || c.byVRF() && before.inside == "" { // which is known when there is a pair
		for _, sa := range sas() {
			c.meet(saKey{sa.ID, sa.SPIi}, pair{sa.Local, sa.Remote, sa.FVRF, sa.IVRF})
		}
	}
	if own.remote.IsValid() {
		if !own.local.IsValid() {
			own.local = c.known[key].local
		}
		own.front, own.inside = c.known[key].front, c.known[key].inside
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
