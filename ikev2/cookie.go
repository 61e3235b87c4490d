package ikev2

import (
	"bytes"

	"ikelab/ikev2/wire"
)

// Cookies (RFC 7296 2.6): we bring back what a responder asks for.

// wantsCookie takes a request for a cookie: "the initiator MUST retry the
// IKE_SA_INIT request, and include the COOKIE notification containing the
// received data as the first payload, and all other payloads unchanged"
// (RFC 7296 2.6). "The initiator should limit the number of cookie exchanges it
// tries before giving up": whoever asks for another each time would never end.
func (i *initial) wantsCookie(m *wire.Message) bool {
	n := m.Notify(wire.COOKIE)
	if n == nil || len(n.Data) == 0 || len(n.Data) > maxCookie || bytes.Equal(n.Data, i.cookie) || i.cookies == maxCookies {
		return false
	}
	i.cookie = bytes.Clone(n.Data)
	i.cookies++
	return true
}

// maxCookie is the longest cookie (RFC 7296 2.6), maxCookies how many we take.
const (
	maxCookie  = 64
	maxCookies = 5
)
