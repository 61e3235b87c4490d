package fault

import (
	"fmt"
	"hash/fnv"
	"net/netip"

	"ikelab/ikev2/wire"
)

// Reuse finds what must never be used twice under a key: a message id for
// another message (RFC 7296 2.2), an IV (RFC 4106 3.1), a sequence number of ESP (RFC 4303 3.3.3).
type Reuse struct {
	Found    string // the first one; "": none
	messages map[name]uint64
	ivs      map[iv]uint64
	last     map[[2]string]uint32 // sequence number by node and SPI
	origins  map[source]origin
}

// source is who a packet says that it is from; IKE and ESP may have hop limits
// of their own.
type source struct {
	addr netip.Addr
	esp  bool
}

// origin is where the packets of a source begin: the router that they leave with
// the most hops to go. Each that forwards one takes a hop off (RFC 1812 5.3.1),
// its own sender too, to whom a loop may bring it back.
type origin struct {
	node string
	ttl  uint8
}

// iv is an IV under the key of a sender.
type iv struct {
	node, sa string
	octets   [8]byte
}

// NewReuse looks at all that leaves from now on.
func NewReuse(w *Wire) *Reuse {
	r := &Reuse{messages: map[name]uint64{}, ivs: map[iv]uint64{}, last: map[[2]string]uint32{}, origins: map[source]origin{}}
	w.Look(r.look)
	return r
}

const ivAt = 28 + 4 // behind the headers of IKE and of the Encrypted payload

func (r *Reuse) look(p *Packet) {
	switch {
	case r.Found != "" || !r.originates(p):
	case p.IKE && (p.Header.Next == wire.TypeSK || p.Fragment > 0): // a message in clear has no key
		r.message(p)
	case p.ESP:
		sa := [2]string{p.Node, fmt.Sprintf("%v %08x", p.Dst, p.SPI)}
		if last, known := r.last[sa]; known && p.Seq <= last {
			r.Found = fmt.Sprintf("%s sends ESP %d under SPI %08x after %d", p.Node, p.Seq, p.SPI, last)
		}
		r.last[sa] = p.Seq
		r.iv(p, sa[1], espLen)
	}
}

// originates says whether a packet begins its way here.
func (r *Reuse) originates(p *Packet) bool {
	from, here := source{p.Src, p.ESP}, origin{p.Node, p.TTL}
	if o, known := r.origins[from]; !known || p.TTL > o.ttl {
		r.origins[from] = here
	}
	return r.origins[from] == here
}

func (r *Reuse) message(p *Packet) {
	n, sum, at := nameOf(p.Node, p.Header), digest(p.body), ivAt
	if n.fragment = p.Fragment; n.fragment > 0 {
		at += 4 // behind its number and how many there are
	}
	if had, known := r.messages[n]; known && had != sum {
		r.Found = fmt.Sprintf("%s sends another %v under message id %d", p.Node, p.Header.Exchange, p.Header.MessageID)
	}
	r.messages[n] = sum
	r.iv(p, fmt.Sprintf("%016x %016x", p.Header.SPIi, p.Header.SPIr), at)
}

func (r *Reuse) iv(p *Packet, sa string, at int) {
	if len(p.body) < at+8 {
		return
	}
	v, sum := iv{p.Node, sa, [8]byte(p.body[at:])}, digest(p.body)
	if had, known := r.ivs[v]; known && had != sum {
		r.Found = fmt.Sprintf("%s uses the IV %x twice under %s", p.Node, v.octets, sa)
	}
	r.ivs[v] = sum
}

// digest tells messages apart.
func digest(b []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(b) // never fails
	return h.Sum64()
}
