package exercise

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"

	"ikelab/iosconfig"
)

// Draw is what a seed gives a lab: who is where, and where the fault is.
type Draw struct {
	A, B, C  *Site // in the order of the topology
	X, Y     *Site // A and B, or B and A: the fault is at X
	Key      string
	OtherKey string            // another one
	Tunnel   int               // number of tunnel interfaces
	Net      map[string]string // what the lab's file says of its network
}

// Site is a router with its networks.
type Site struct {
	Name    string // of its router
	FQDN    string
	WAN     netip.Prefix // its address there, in a network with
	Gateway netip.Addr   // the provider's
	Inside  netip.Prefix // its address in the network of its hosts, and
	LAN     netip.Prefix
	Host    netip.Addr   // that of one
	Tunnel  netip.Prefix // of its tunnel interface
	Number  int          // from 1
}

var (
	cities = strings.Fields("KYOTO LYON OSLO PORTO LIMA TURIN QUITO GENOA DAKAR CORK BASEL PERTH SEOUL TUNIS VIGO HAIFA NICE BERN GHENT LEEDS")
	words  = strings.Fields("amber birch cedar delta ember fjord grove haven inlet jetty karst ledge mango north ocean pearl quill ridge slate trail umber vista willow yarrow")
)

// newDraw draws. The same seed gives the same in all labs.
func newDraw(seed uint64) *Draw {
	r := rand.New(rand.NewPCG(seed, 0x1abe1ab))
	city, word, outside := r.Perm(len(cities)), r.Perm(len(words)), r.Perm(60)
	sites := make([]*Site, 3)
	inside := r.Perm(250)
	for i := range sites {
		wan := [3]byte{198, 51, 100}
		if i > 0 {
			wan = [3]byte{203, 0, 113}
		}
		base := byte(4 * outside[i])
		lan := netip.AddrFrom4([4]byte{10, byte(1 + inside[i]), byte(r.IntN(250)), 0})
		s := &Site{
			Name: cities[city[i]], FQDN: strings.ToLower(cities[city[i]]) + ".example.com", Number: i + 1,
			WAN: netip.PrefixFrom(netip.AddrFrom4([4]byte{wan[0], wan[1], wan[2], base + 2}), 30), Gateway: netip.AddrFrom4([4]byte{wan[0], wan[1], wan[2], base + 1}),
			Inside: netip.PrefixFrom(plus(lan, 1), 24), LAN: netip.PrefixFrom(lan, 24), Host: plus(lan, 10),
		}
		sites[i] = s
	}
	net := byte(r.IntN(250))
	for i, s := range sites {
		s.Tunnel = netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, net, byte(1 + i)}), 24)
	}
	d := &Draw{Net: map[string]string{}, A: sites[0], B: sites[1], C: sites[2], Tunnel: r.IntN(90) * 10}
	d.Key = fmt.Sprintf("%s-%s-%d", words[word[0]], words[word[1]], 10+r.IntN(90))
	d.OtherKey = fmt.Sprintf("%s-%s-%d", words[word[2]], words[word[3]], 10+r.IntN(90))
	if d.X, d.Y = d.A, d.B; r.IntN(2) == 1 {
		d.X, d.Y = d.B, d.A
	}
	return d
}

func plus(a netip.Addr, n uint32) netip.Addr {
	four := a.As4()
	binary.BigEndian.PutUint32(four[:], binary.BigEndian.Uint32(four[:])+n)
	return netip.AddrFrom4(four)
}

// other is the other end of A and B.
func (d *Draw) other(s *Site) *Site {
	if s == d.A {
		return d.B
	}
	return d.A
}

// mask is a prefix as IOS writes it: "10.1.2.0 255.255.255.0".
func mask(p netip.Prefix) string { return fmt.Sprintf("%v %s", p.Addr(), iosconfig.MaskOf(p)) }

// wild is a prefix with its wildcard: "10.1.2.0 0.0.0.255".
func wild(p netip.Prefix) string {
	var bits [4]byte
	binary.BigEndian.PutUint32(bits[:], uint32(uint64(1)<<(32-p.Bits())-1))
	return fmt.Sprintf("%v %v", p.Addr(), netip.AddrFrom4(bits))
}
