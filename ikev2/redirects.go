package ikev2

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2/wire"
)

// What a configuration says of redirects, what is kept of them, and their records (RFC 5685).

// Redirecting is what a configuration says of redirects.
type Redirecting struct {
	MaxRedirects int                         // that a client follows within RedirectPeriod; 0: it follows none
	Hosts        map[string]netip.Addr       // what a client knows of gateways' names, in small letters
	AtInit       bool                        // a gateway: Choose is asked before there is an SA
	Choose       func(Redirectee) netip.Addr // where a client is sent; invalid: nowhere. nil: none is
}

// RedirectPeriod is the time of MaxRedirects: "The default value for the
// REDIRECT_LOOP_DETECT_PERIOD configuration variable is 300 seconds." (RFC 5685 7)
const RedirectPeriod = 300 * time.Second

// redirects are where an entry has been sent.
type redirects struct {
	home netip.Addr  // the gateway that it is configured for, if it is elsewhere
	from netip.Addr  // which gateway has sent it to where it is; invalid: it is at home
	at   []time.Time // when it was sent, within RedirectPeriod
}

// atHome is of all that were never sent anywhere: nobody may change it.
var atHome redirects

// again says whether an entry may be redirected once more: "the client SHOULD be configured to
// not accept more than a certain number of redirects (MAX_REDIRECTS) within a short time period"
// (RFC 5685 7)
func (r *redirects) again(now time.Time, most int) bool {
	if len(r.at) > 0 {
		r.at = slices.DeleteFunc(r.at, func(t time.Time) bool { return now.Sub(t) >= RedirectPeriod })
	}
	return len(r.at) < most
}

// Redirectee is a client of which a gateway is asked where it is to go.
type Redirectee struct {
	VRF         int
	Local, Peer netip.Addr // which of our addresses it has come to, and from where
	From        netip.Addr // the gateway that has sent it to us; invalid: none has
	Profile     string     // "": it has not proved yet who it is
	Identity    Identity   // that it has proved
}

// choose asks where a client is to go; invalid: nowhere. To where it has come it is not sent.
func (c *Redirecting) choose(r Redirectee) netip.Addr {
	if c.Choose == nil {
		return netip.Addr{}
	}
	to := c.Choose(r)
	if to == r.Local {
		return netip.Addr{}
	}
	return to
}

// RedirectVerdict is what comes of a redirect that we hear.
type RedirectVerdict uint8

// The verdicts.
const (
	RedirectFollowed   RedirectVerdict = iota
	RedirectUnasked                    // we have not said that we can be redirected
	RedirectMalformed                  // not in the form of RFC 5685 9.2
	RedirectNonce                      // not with the nonce of our request
	RedirectTooOften                   // we have been redirected too often
	RedirectUnresolved                 // a name that we know no address of
	RedirectNowhere                    // where it comes from, ourselves, or an address that no gateway has for us
)

var redirectVerdicts = [...]string{"followed", "not asked for", "malformed", "another nonce", "too often", "name unknown", "nowhere to go"}

// String names the verdict in records.
func (v RedirectVerdict) String() string { return redirectVerdicts[v] }

// RedirectHeard is a redirect that we have heard, and what comes of it.
type RedirectHeard struct {
	SA       Ref
	Peer     netip.AddrPort
	Exchange wire.ExchangeType
	Gateway  string // address or name; "": it cannot be read
	Verdict  RedirectVerdict
}

// RedirectSent is a client that we send to another gateway.
type RedirectSent struct {
	SA       Ref // ID 0: there is none
	Peer     netip.AddrPort
	To       netip.Addr
	Exchange wire.ExchangeType
}

// RedirectChecked says whether it is asked where a client goes that has proved who it is.
type RedirectChecked struct {
	SA   Ref
	Asks bool
}

// Redirected is an entry that goes to another gateway, or back to the one that it is configured
// for.
type Redirected struct {
	Entry    string
	From, To netip.Addr
	Back     bool
}

// Kind names the body in the stream.
func (RedirectHeard) Kind() string   { return "ike.redirect_heard" }
func (RedirectSent) Kind() string    { return "ike.redirect_sent" }
func (RedirectChecked) Kind() string { return "ike.redirect_checked" }
func (Redirected) Kind() string      { return "ike.redirected" }
