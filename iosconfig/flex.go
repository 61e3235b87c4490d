package iosconfig

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Flex is what FlexVPN has beyond profiles.
type Flex struct {
	Cluster        *Cluster // nil: none
	Authorizations List[AuthorPolicy]
	Pools          List[LocalPool]
	Clients        List[FlexClient]
}

// Redirect is `crypto ikev2 redirect`.
type Redirect struct {
	Client  bool
	Max     int    // max-redirects; 0: DefaultRedirects
	Gateway string // "init", "auth"; "": neither
}

// DefaultRedirects is how many redirects a client follows, within 300 s (RFC 5685 7).
const DefaultRedirects = 5

// FlexClient is `crypto ikev2 client flexvpn`: peers that are tried in turn for one tunnel.
type FlexClient struct {
	Name   string
	Peers  []FlexPeer // by sequence number
	Manual bool       // connect manual
	Track  int        // connect track: the object; 0: none
	Down   bool       // … down
	Back   bool       // peer reactivate
	Tunnel string     // client connect; "": none
	Texts  Texts      // what nothing acts on
}

// FlexPeer is one of them.
type FlexPeer struct {
	Sequence int
	Address  netip.Addr
	Track    int  // the object that it depends on; 0: none
	Down     bool // which must be down
}

// TrackWords are what a line says of an object that something depends on.
func TrackWords(number int, down bool) string {
	switch {
	case number == 0:
		return ""
	case down:
		return " track " + strconv.Itoa(number) + " down"
	}
	return " track " + strconv.Itoa(number)
}

// ProfileFlex is what a profile says of configuration payloads, and of peers for whom no
// tunnel is configured.
type ProfileFlex struct {
	ConfigRequestOff bool               // no config-exchange request
	ConfigSendOff    bool               // no config-exchange set send
	ConfigAcceptOff  bool               // no config-exchange set accept
	Template         int                // virtual-template; 0: none
	TemplateAuto     bool               // … mode auto
	Authorize        GroupAuthorization // of peers with a pre-shared key
	AuthorizeCert    GroupAuthorization // of those with a certificate
	RedirectAuth     bool               // redirect gateway auth
}

// GroupAuthorization is `aaa authorization group psk|cert list LIST POLICY`; zero: none.
type GroupAuthorization struct {
	List, Policy string
	Override     bool
}

// AuthorPolicy is `crypto ikev2 authorization policy`.
type AuthorPolicy struct {
	Name          string
	Pool          string
	Netmask       netip.Addr // invalid: none
	DNS, WINS     []netip.Addr
	Domain        string
	SetInterface  bool           // route set interface
	SetInterfaces []string       // route set interface INTERFACE
	SetAccess     string         // route set access-list
	SetRemote     []netip.Prefix // route set remote ipv4
	AcceptOff     bool           // no route accept any
	AcceptTag     int            // 0: 1
	AcceptMetric  int            // its distance; 0: 1
	Texts         Texts          // what nothing acts on
}

// LocalPool is `ip local pool`: the ranges of one name.
type LocalPool struct {
	Name   string
	Ranges []AddressRange
}

// DefaultAuthorization is the smart default authorization policy.
func (g Generation) DefaultAuthorization() *AuthorPolicy {
	return &AuthorPolicy{Name: DefaultName, SetInterface: true}
}

// Authorization returns the authorization policy with the name, or nil.
func (c *Config) Authorization(name string) *AuthorPolicy {
	return orSmart(&c.IKEv2.Authorizations, name, c.IKEv2.NoDefaults.Authorization, c.Generation.DefaultAuthorization)
}

// AuthorPolicies are the authorization policies that count.
func (c *Config) AuthorPolicies() []*AuthorPolicy {
	return withSmart(&c.IKEv2.Authorizations, c.IKEv2.NoDefaults.Authorization, c.Generation.DefaultAuthorization)
}

// Authorized is the policy by which peers get configuration; nil: there is none, or AAA has no
// such list. Only what the router itself has is asked.
func Authorized(c *Config, g GroupAuthorization) *AuthorPolicy {
	if g == (GroupAuthorization{}) || WhyUnauthorized(c, g.List) != 0 {
		return nil
	}
	return c.Authorization(g.Policy)
}

// TellsBy is whose policy says which networks peers are told, which are the same for all of a
// profile: that of peers with a pre-shared key, if it has such peers.
func (p *Profile) TellsBy() GroupAuthorization {
	if p.Authorize.List == "" || !slices.Contains(p.AuthRemote, "pre-share") && p.AuthorizeCert.List != "" {
		return p.AuthorizeCert
	}
	return p.Authorize
}

// Unauthorized is why an AAA list authorizes nobody; 0: it does.
type Unauthorized int

// The reasons.
const (
	NoAAA        Unauthorized = iota + 1 // there is no AAA
	NoList                               // there is no such list
	ListAsksElse                         // it does not ask the router itself
)

// Text is the reason in the words of a warning.
func (u Unauthorized) Text(list string) string {
	switch u {
	case NoList:
		return "AAA authorization list " + list + " does not exist"
	case NoAAA:
		return "there is no aaa new-model"
	case ListAsksElse:
		return "AAA authorization list " + list + " does not ask the router itself"
	}
	return ""
}

// WhyUnauthorized judges an AAA list.
func WhyUnauthorized(c *Config, list string) Unauthorized {
	lines := c.Texts.Lines("aaa authorization")
	switch i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line+" ", "aaa authorization network "+list+" ") }); {
	case i < 0:
		return NoList
	case !slices.Contains(c.Kept, "aaa new-model"):
		return NoAAA
	case !slices.Contains(strings.Fields(lines[i])[4:], "local"):
		return ListAsksElse
	}
	return 0
}
