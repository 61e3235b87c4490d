package wire

import (
	"net/netip"
	"strings"
)

// The data of REDIRECT and REDIRECTED_FROM (RFC 5685 9.2, 9.3).

// Gateway is the identity of a gateway: its address, or its name.
type Gateway struct {
	Addr netip.Addr
	FQDN string // when Addr is invalid
}

// String is the address or the name.
func (g Gateway) String() string {
	if g.Addr.IsValid() {
		return g.Addr.String()
	}
	return g.FQDN
}

// Redirect is where a client is sent. Nonce is that of the client's request, in an answer to
// IKE_SA_INIT and nowhere else.
type Redirect struct {
	Gateway
	Nonce []byte
}

// The types of a gateway's identity.
const (
	gatewayIPv4 = 1
	gatewayIPv6 = 2
	gatewayFQDN = 3
)

// A nonce has from 16 to 256 octets (RFC 7296 3.9).
const (
	shortestNonce = 16
	longestNonce  = 256
)

// Data is that of a REDIRECT, and without a nonce that of a REDIRECTED_FROM.
func (r Redirect) Data() []byte {
	kind, id := byte(gatewayFQDN), []byte(r.FQDN)
	if r.Addr.IsValid() {
		kind, id = gatewayIPv4, r.Addr.AsSlice()
		if r.Addr.Is6() {
			kind = gatewayIPv6
		}
	}
	return append(append([]byte{kind, count8(len(id))}, id...), r.Nonce...)
}

// ParseRedirect reads the data of a REDIRECT.
func ParseRedirect(data []byte) (r Redirect, err error) {
	if err := atLeast(2, data); err != nil {
		return r, err
	}
	kind, size := data[0], int(data[1])
	if err := atLeast(2+size, data); err != nil {
		return r, err
	}
	id, rest := data[2:2+size], data[2+size:]
	if r.Gateway, err = parseGateway(kind, id); err != nil {
		return Redirect{}, err
	}
	if n := len(rest); n != 0 && (n < shortestNonce || n > longestNonce) {
		return Redirect{}, syntax("REDIRECT: nonce of %d octets", n)
	}
	if len(rest) > 0 {
		r.Nonce = rest
	}
	return r, nil
}

// ParseRedirectedFrom reads the data of a REDIRECTED_FROM: an address.
func ParseRedirectedFrom(data []byte) (netip.Addr, error) {
	r, err := ParseRedirect(data)
	if err != nil || !r.Addr.IsValid() || r.Nonce != nil {
		return netip.Addr{}, syntax("REDIRECTED_FROM: no address alone in %d octets", len(data))
	}
	return r.Addr, nil
}

func parseGateway(kind byte, id []byte) (Gateway, error) {
	addr, isAddr := netip.AddrFromSlice(id)
	switch {
	case kind == gatewayIPv4 && isAddr && addr.Is4(), kind == gatewayIPv6 && isAddr && addr.Is6():
		return Gateway{Addr: addr}, nil
	case kind == gatewayFQDN && isName(string(id)):
		return Gateway{FQDN: string(id)}, nil
	}
	return Gateway{}, syntax("gateway identity of type %d with %d octets", kind, len(id))
}

// isName says whether a name can be one of DNS. "The string MUST NOT contain any terminators
// (e.g., NULL, CR, etc.)." (RFC 7296 3.5)
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == ""
}
