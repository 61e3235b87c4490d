package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// "Two distinguished names DN1 and DN2 match if they have the same number of RDNs, for each RDN in
// DN1 there is a matching RDN in DN2, and the matching RDNs appear in the same order in both DNs."
// (RFC 5280 7.1): who has a certificate with a comma, or a plus, in a name is not who has two.
func TestNamesAreComparedByTheirParts(t *testing.T) {
	ca := root(t, "cn=ROOT", 1)
	cn, o := attributeTypes["cn"], attributeTypes["o"]
	one := func(parts ...pkix.AttributeTypeAndValue) (name pkix.RDNSequence) {
		for _, p := range parts {
			name = append(name, pkix.RelativeDistinguishedNameSET{p})
		}
		return name
	}
	two := one(pkix.AttributeTypeAndValue{Type: o, Value: "lab"}, pkix.AttributeTypeAndValue{Type: cn, Value: "HUB"})
	for _, x := range []struct {
		why     string
		subject pkix.RDNSequence
		id      pkix.RDNSequence
		want    bool
	}{
		{"the same", two, two, true},
		{"case and white space do not count", two, one(pkix.AttributeTypeAndValue{Type: o, Value: " LAB "}, pkix.AttributeTypeAndValue{Type: cn, Value: "hub"}), true},
		{"a comma in a value", one(pkix.AttributeTypeAndValue{Type: cn, Value: "HUB,o=lab"}), two, false},
		{"a plus in a value", one(pkix.AttributeTypeAndValue{Type: cn, Value: "HUB+o=lab"}), pkix.RDNSequence{{{Type: cn, Value: "HUB"}, {Type: o, Value: "lab"}}}, false},
		{"a set in another order", pkix.RDNSequence{{{Type: cn, Value: "HUB"}, {Type: o, Value: "lab"}}}, pkix.RDNSequence{{{Type: o, Value: "lab"}, {Type: cn, Value: "HUB"}}}, true},
		{"parts in another order", two, pkix.RDNSequence{two[1], two[0]}, false},
		{"a part more", two, append(two[:2:2], two[1]), false},
		{"no name", nil, nil, false},
	} {
		c := shaped(t, ca, func(c *x509.Certificate) { c.RawSubject = derOf(x.subject) })
		require.Equal(t, x.want, Holds(c, wire.IDDERASN1DN, derOf(x.id)), x.why)
	}
}

// A certificate may have as many names as a message holds, and is looked at before anybody has
// proved anything: what that takes grows with its names as reading it does, not with their square.
func TestManyNamesInACertificate(t *testing.T) {
	const many = 16_000
	least := func(f func()) time.Duration {
		d := time.Duration(math.MaxInt64)
		for range 5 {
			from := time.Now()
			f()
			d = min(d, time.Since(from))
		}
		return d
	}
	for what, add := range map[string]func(c *x509.Certificate, i int){
		"names": func(c *x509.Certificate, i int) { c.DNSNames = append(c.DNSNames, fmt.Sprintf("%04x", i)) },
		"addresses": func(c *x509.Certificate, i int) {
			c.IPAddresses = append(c.IPAddresses, net.IPv4(10, 0, byte(i>>8), byte(i)))
		},
	} {
		c := shaped(t, root(t, "cn=ROOT", 1), func(c *x509.Certificate) {
			c.DNSNames = nil
			for i := range many {
				add(c, i)
			}
		})
		reading := least(func() { _, f := Parse([][]byte{c.Raw}); require.Nil(t, f) })
		listing := least(func() { require.Len(t, append(Hostnames(c), make([]string, len(Addresses(c)))...), many) })
		require.Less(t, listing, 100*reading, what) // by their square it is 400 times as much
	}
}
