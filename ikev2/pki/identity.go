package pki

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"

	"ikelab/ikev2/wire"
)

// Holds says whether a certificate is of who claims an identity (RFC 4945 3.1): an address, a
// name or an e-mail address has to be a subjectAltName of it, a distinguished name its subject.
// IOS writes the name and the address of a router into the subject, as attributes of PKCS #9;
// there they count as well. Of a key id a certificate says nothing.
func Holds(c *x509.Certificate, kind wire.IDType, data []byte) bool {
	switch kind {
	case wire.IDIPv4Addr, wire.IDIPv6Addr:
		addr, ok := netip.AddrFromSlice(data)
		return ok && slices.Contains(Addresses(c), addr)
	case wire.IDFQDN:
		return containsFold(Hostnames(c), string(data))
	case wire.IDRFC822:
		return containsFold(append(slices.Clone(c.EmailAddresses), attributes(c, attributeTypes["e"])...), string(data))
	case wire.IDDERASN1DN:
		return sameName(c.RawSubject, data)
	case wire.IDKeyID:
		return true
	}
	return false
}

// Addresses are the addresses that a certificate is for, each once: there may be as many as a
// message holds, before anybody has proved anything, so what is known is looked up.
func Addresses(c *x509.Certificate) (list []netip.Addr) {
	known := make(map[netip.Addr]bool, len(c.IPAddresses))
	add := func(ip []byte) {
		if a, ok := netip.AddrFromSlice(ip); ok && !known[a.Unmap()] {
			known[a.Unmap()] = true
			list = append(list, a.Unmap())
		}
	}
	for _, ip := range c.IPAddresses {
		add(ip)
	}
	for _, text := range attributes(c, oidIPAddress) {
		if a, err := netip.ParseAddr(text); err == nil {
			add(a.AsSlice())
		}
	}
	return list
}

// Hostnames are the names of hosts that a certificate is for, so too.
func Hostnames(c *x509.Certificate) (list []string) {
	known := make(map[string]bool, len(c.DNSNames))
	for _, name := range append(slices.Clone(c.DNSNames), attributes(c, oidHostname)...) {
		name = printable(name)
		if small := strings.ToLower(name); !known[small] {
			known[small] = true
			list = append(list, name)
		}
	}
	return list
}

// Serial is the serial number that IOS has in a subject; "": none.
func Serial(c *x509.Certificate) string {
	return printable(strings.Join(attributes(c, attributeTypes["serialNumber"]), ""))
}

func containsFold(list []string, text string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, text) })
}
