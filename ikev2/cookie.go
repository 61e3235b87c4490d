package ikev2

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
)

// Cookies (RFC 7296 2.6): we bring back what a responder asks for, and ask for
// one ourselves while too many SAs are half-open.

// wantsCookie takes a request for a cookie: "the initiator MUST then retry the
// IKE_SA_INIT request, and include the COOKIE notification containing the
// received data as the first payload, and all other payloads unchanged"
// (RFC 7296 2.6). "The initiator should limit the number of cookie exchanges it
// tries before giving up": whoever asks for another each time would never end.
func (i *initial) wantsCookie(m *wire.Message) bool {
	n := m.Notify(wire.COOKIE)
	if n == nil || bytes.Equal(n.Data, i.cookie) || i.cookies == maxCookies {
		return false
	}
	i.cookie = bytes.Clone(n.Data)
	i.cookies++
	return true
}

// maxCookies is how many different cookies we take.
const maxCookies = 5

// jar makes the cookies that we ask for, without keeping any: "Cookie =
// <VersionIDofSecret> | Hash(Ni | IPi | SPIi | <secret>)" (RFC 7296 2.6).
type jar struct {
	secret, before []byte // the one in use, and the one that it has replaced
	version        byte   // of the one in use
	changed        time.Time
}

// secretLife is how long a secret makes cookies. What it has made is good as
// long again.
const (
	secretLife = time.Minute
	secretLen  = 32
)

// turn changes the secret when its time has come: "The responder should change
// the value of <secret> frequently, especially if under attack" (RFC 7296 2.6).
func (j *jar) turn(now time.Time, draws draws) {
	age := now.Sub(j.changed)
	if j.secret != nil && age < secretLife {
		return
	}
	if j.before = j.secret; age >= 2*secretLife {
		j.before = nil
	}
	j.secret, j.changed = draws.octets(secretLen), now
	j.version++
}

// bake makes the cookie of a request.
func bake(version byte, secret []byte, from netip.Addr, m *wire.Message) []byte {
	nonce, _ := wire.Get[*wire.Nonce](m)
	addr := from.As16()
	in := make([]byte, 0, 256)
	in = append(append(in, nonce.Data...), addr[:]...)
	in = append(binary.BigEndian.AppendUint64(in, m.SPIi), secret...)
	sum := sha256.Sum256(in)
	return append(append(make([]byte, 0, 1+len(sum)), version), sum[:]...)
}

// good says whether a request brings back a cookie of ours.
func (j *jar) good(cookie []byte, from netip.Addr, m *wire.Message) bool {
	secret, version := j.secret, j.version
	if len(cookie) > 0 && cookie[0] != version {
		secret, version = j.before, version-1
	}
	return secret != nil && bytes.Equal(cookie, bake(version, secret, from, m))
}

// ask says whether a request may go on; else what it must bring back. "When one
// party receives an IKE_SA_INIT request containing a cookie whose contents do
// not match the value expected, that party MUST ignore the cookie and process
// the message as if no cookie had been included; usually this means sending a
// response containing a new cookie." (RFC 7296 2.6)
func (j *jar) ask(now time.Time, draws draws, from netip.Addr, m *wire.Message) (CookieVerdict, []byte) {
	j.turn(now, draws)
	verdict := CookieMissing
	if n := m.Notify(wire.COOKIE); n != nil {
		if j.good(n.Data, from, m) {
			return CookieGood, nil
		}
		verdict = CookieStale
	}
	return verdict, bake(j.version, j.secret, from, m)
}

// CookieVerdict is what comes of a request while cookies are asked for.
type CookieVerdict uint8

// The verdicts.
const (
	CookieMissing CookieVerdict = iota // it has none: it is asked for one
	CookieStale                        // not one that we would give it
	CookieGood
)

var cookieVerdicts = [...]string{"missing", "stale", "good"}

// String names the verdict in records.
func (v CookieVerdict) String() string { return cookieVerdicts[v] }

// CookieChecked is a request that came while so many SAs were half-open that
// cookies are asked for.
type CookieChecked struct {
	From     netip.AddrPort
	SPIi     uint64 `record:"spi"`
	HalfOpen int
	Verdict  CookieVerdict
}

// CookieWanted is a responder that wants a cookie back.
type CookieWanted struct{ SA Ref }

// Kind names the body in the stream.
func (CookieChecked) Kind() string { return "ike.cookie_checked" }
func (CookieWanted) Kind() string  { return "ike.cookie_wanted" }

// CookieCounts are the requests that came while cookies were asked for.
type CookieCounts struct{ Accepted, Rejected, Missing uint64 }

func (c *CookieCounts) count(v CookieVerdict) {
	switch v {
	case CookieGood:
		c.Accepted++
	case CookieStale:
		c.Rejected++
	default:
		c.Missing++
	}
}
