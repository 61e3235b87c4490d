package policy

import (
	"encoding/hex"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/ipsec"
)

var encrWords = map[string]ipsec.Encr{
	"des": {ID: ipsec.EncrDES}, "3des": {ID: ipsec.Encr3DES},
	"aes-cbc-128": {ID: ipsec.EncrAESCBC, KeyBits: 128}, "aes-cbc-192": {ID: ipsec.EncrAESCBC, KeyBits: 192},
	"aes-cbc-256": {ID: ipsec.EncrAESCBC, KeyBits: 256},
	"aes-ctr-128": {ID: ipsec.EncrAESCTR, KeyBits: 128}, "aes-ctr-192": {ID: ipsec.EncrAESCTR, KeyBits: 192},
	"aes-ctr-256": {ID: ipsec.EncrAESCTR, KeyBits: 256},
	"aes-gcm-128": {ID: ipsec.EncrAESGCM16, KeyBits: 128}, "aes-gcm-192": {ID: ipsec.EncrAESGCM16, KeyBits: 192},
	"aes-gcm-256": {ID: ipsec.EncrAESGCM16, KeyBits: 256}, "chacha20-poly1305": {ID: ipsec.EncrChaCha20Poly1305},
}

var integWords = map[string]ipsec.IntegID{
	"md5": ipsec.IntegMD5, "sha1": ipsec.IntegSHA1, "sha256": ipsec.IntegSHA256, "sha384": ipsec.IntegSHA384, "sha512": ipsec.IntegSHA512,
}

var prfWords = map[string]ipsec.PRFID{
	"md5": ipsec.PRFMD5, "sha1": ipsec.PRFSHA1, "sha256": ipsec.PRFSHA256, "sha384": ipsec.PRFSHA384, "sha512": ipsec.PRFSHA512,
}

// espWords are the encryption transforms of a transform set; a key of 128 bits
// is not written.
var espWords = map[string]ipsec.Encr{
	"esp-null": {ID: ipsec.EncrNULL}, "esp-des": {ID: ipsec.EncrDES}, "esp-3des": {ID: ipsec.Encr3DES},
	"esp-chacha20-poly1305": {ID: ipsec.EncrChaCha20Poly1305},
	"esp-aes":               {ID: ipsec.EncrAESCBC}, "esp-ctr": {ID: ipsec.EncrAESCTR}, "esp-gcm": {ID: ipsec.EncrAESGCM16},
	"esp-gcm12": {ID: ipsec.EncrAESGCM12}, "esp-gcm8": {ID: ipsec.EncrAESGCM8}, "esp-gmac": {ID: ipsec.EncrAESGMAC},
}

// espEncr is the encryption transform that a word of a transform set names.
func espEncr(word string) (ipsec.Encr, bool) {
	name, bits, given := strings.Cut(word, " ")
	e, ok := espWords[name]
	if given {
		n, err := strconv.ParseUint(bits, 10, 16)
		e.KeyBits, ok = uint16(n), ok && err == nil
	} else if ok && !e.Known() {
		e.KeyBits = 128
	}
	return e, ok && e.Known()
}

var hmacWords = map[string]ipsec.IntegID{
	"esp-md5-hmac": ipsec.IntegMD5, "esp-sha-hmac": ipsec.IntegSHA1, "esp-sha256-hmac": ipsec.IntegSHA256,
	"esp-sha384-hmac": ipsec.IntegSHA384, "esp-sha512-hmac": ipsec.IntegSHA512,
}

// Papers are the certificates of a router, by trustpoint.
type Papers struct {
	Names       []string // of the trustpoints, in the order of the configuration
	Credentials map[string]*ikev2.Credential
	Anchors     map[string][]*pki.Anchor
	ClockAhead  time.Duration // of the clock of the lab
}

// IKE is what the engine is told about IKE: all of it.
func IKE(config *iosconfig.Config, papers Papers) ikev2.Config {
	out := ikev2.Config{Global: Global(config, papers.ClockAhead)}
	for k := range config.IKEv2.Keyrings.All() {
		ring := &ikev2.Keyring{Name: k.Name}
		for p := range k.Peers.All() {
			ring.Peers = append(ring.Peers, Peer(config, k, p)...)
		}
		out.Keyrings = append(out.Keyrings, ring)
	}
	for p := range config.IKEv2.Profiles.All() {
		out.Profiles = append(out.Profiles, Profile(config, p, papers))
	}
	return out
}

// Global is what the engine is told that holds for whatever profile.
func Global(config *iosconfig.Config, clockAhead time.Duration) ikev2.Global {
	c := &config.IKEv2
	out := ikev2.Global{
		Window: c.Window, FragmentMTU: c.FragmentMTU,
		Limits:      ikev2.Limits{MaxSA: c.MaxSA, MaxNegotiating: c.MaxNegotiating.In, MaxOutgoing: c.MaxNegotiating.Out, CookiesFrom: c.CookieChallenge},
		Redirecting: redirecting(config),
		SPIRecovery: c.SPIRecovery, Childless: c.Childless,
		DPD: dpdOf(c.DPD), NATKeepalive: time.Duration(c.NATKeepalive) * time.Second, HTTPURLCert: c.HTTPURLCert, NoNAT: config.IPsec.NoNAT, Version: config.Generation.Software(),
		Signatures: config.Generation != iosconfig.IOS151, ClockAhead: clockAhead,
	}
	for _, p := range config.Proposals() {
		if p.Complete() {
			out.Proposals = append(out.Proposals, proposalOf(p))
		}
	}
	out.Policies, out.Pools = policiesOf(config), poolsOf(config)
	return out
}

// policiesOf lists the policies with "default", edited or not, as the last.
func policiesOf(c *iosconfig.Config) []ikev2.Policy {
	var out, last []ikev2.Policy
	for _, p := range c.Policies() {
		one := ikev2.Policy{Name: p.Name, FrontDoor: frontDoor(c, p.MatchFVRF), Match: slices.Clone(p.MatchLocal), Proposals: slices.Clone(p.Proposals)}
		switch {
		case p.Name == iosconfig.DefaultName:
			last = []ikev2.Policy{one}
		case len(p.Proposals) > 0:
			out = append(out, one)
		}
	}
	return append(out, last...)
}

// frontDoor is `match fvrf`, where a VRF that does not exist is nobody's.
func frontDoor(c *iosconfig.Config, fvrf string) ikev2.FrontDoor {
	if fvrf == "any" {
		return ikev2.FrontDoor{Any: true}
	}
	return ikev2.FrontDoor{VRF: iosconfig.VRFNumber(c, fvrf)}
}

// known translates words, leaving out those that no table has.
func known[T any](words []string, table map[string]T) []T {
	var out []T
	for _, w := range words {
		if v, ok := table[w]; ok {
			out = append(out, v)
		}
	}
	return out
}

func proposalOf(p *iosconfig.Proposal) *ikev2.Proposal {
	prf := p.PRF
	if len(prf) == 0 {
		prf = p.Integrity
	}
	out := &ikev2.Proposal{Name: p.Name, Encr: known(p.Encryption, encrWords), Integ: known(p.Integrity, integWords), PRF: known(prf, prfWords)}
	for _, g := range p.Group {
		out.Group = append(out.Group, ipsec.Group(g))
	}
	out.AddKE, out.AddKEOptional = addedKE(p.PQC), p.Classical
	return out
}

var pqcWords = map[string]ipsec.Group{"mlkem512": 35, "mlkem768": 36, "mlkem1024": 37}

// addedKE is the one additional key exchange that can be configured; nil: none is.
func addedKE(words []string) [][]ipsec.Group {
	if methods := known(words, pqcWords); len(methods) > 0 {
		return [][]ipsec.Group{methods}
	}
	return nil
}

func dpdOf(d *iosconfig.DPD) ikev2.DPD {
	if d == nil {
		return ikev2.DPD{}
	}
	return ikev2.DPD{Interval: time.Duration(d.Interval) * time.Second, Retry: time.Duration(d.Retry) * time.Second, OnDemand: d.OnDemand}
}

// Peer is what the engine is told of a peer of a keyring; its hostname stands for the address
// that `ip host` says.
func Peer(c *iosconfig.Config, k *iosconfig.Keyring, p *iosconfig.KeyringPeer) []ikev2.KeyringPeer {
	peer := ikev2.KeyringPeer{
		Name: p.Name, Order: k.Peers.Number(p.Name), Address: p.Address, Identity: identityOf(p.Identity), Domain: p.Identity != nil && p.Identity.Domain,
		Local: keyOf(p.Local), Remote: keyOf(p.Remote), PPK: ppkOf(p.PPK),
	}
	host, named := c.Host(p.Hostname)
	if !named {
		return []ikev2.KeyringPeer{peer}
	}
	there := peer
	if there.Address = netip.PrefixFrom(host, host.BitLen()); !peer.Address.IsValid() {
		return []ikev2.KeyringPeer{there}
	}
	there.Identity, there.Domain = nil, false
	return []ikev2.KeyringPeer{peer, there}
}

// ppkOf is a post-quantum preshared key; nil where there is none that can be read.
func ppkOf(p *iosconfig.PPK) *ikev2.PPK {
	if p == nil || keyOf(&p.Key) == nil {
		return nil
	}
	return &ikev2.PPK{ID: p.ID, Key: keyOf(&p.Key), Required: p.Required}
}

// keyOf is the octets of a pre-shared key; nil when there is none, or nobody can read it.
func keyOf(s *iosconfig.Secret) []byte {
	if s == nil || s.Unread() {
		return nil
	}
	if s.Hex {
		b, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(s.Text), "0x"))
		if err != nil {
			return nil
		}
		return b
	}
	return []byte(s.Text)
}

func identityOf(id *iosconfig.Identity) *ikev2.Identity {
	if id == nil {
		return nil
	}
	out := ikev2.Identity{Data: []byte(id.Value)}
	switch id.Kind {
	case "address":
		a, err := netip.ParseAddr(id.Value)
		if err != nil {
			return nil
		}
		out.Kind, out.Data = wire.IDIPv4Addr, a.AsSlice()
		if a.Is6() {
			out.Kind = wire.IDIPv6Addr
		}
	case "fqdn":
		out.Kind = wire.IDFQDN
	case "email":
		out.Kind = wire.IDRFC822
	case "key-id":
		out.Kind = wire.IDKeyID
	default:
		return nil // a distinguished name needs a certificate
	}
	return &out
}

// matchOf is one `match identity remote`. An address without a mask is one
// host, but 0.0.0.0 is everybody, as IOS has it.
func matchOf(id *iosconfig.Identity) (ikev2.IdentityMatch, bool) {
	switch id.Kind {
	case "any":
		return ikev2.IdentityMatch{Any: true}, true
	case "address":
		if id.Mask.IsValid() {
			return ikev2.IdentityMatch{Prefix: id.Mask}, true
		}
		a, err := netip.ParseAddr(id.Value)
		if err != nil {
			return ikev2.IdentityMatch{}, false
		}
		bits := a.BitLen()
		if a.IsUnspecified() {
			bits = 0
		}
		return ikev2.IdentityMatch{Prefix: netip.PrefixFrom(a, bits)}, true
	}
	i := identityOf(id)
	if i == nil {
		return ikev2.IdentityMatch{}, false
	}
	return ikev2.IdentityMatch{Domain: id.Domain, Identity: *i}, true
}

// Profile is what the engine is told of a profile.
func Profile(c *iosconfig.Config, p *iosconfig.Profile, papers Papers) *ikev2.Profile {
	out := &ikev2.Profile{
		Name: p.Name, Order: c.IKEv2.Profiles.Number(p.Name), FrontDoor: frontDoor(c, p.MatchFVRF), MatchLocal: p.MatchLocalAddr, LocalID: identityOf(p.LocalIdentity),
		AuthLocal: methodsOf(p.AuthLocal), AuthRemote: methodsOf(p.AuthRemote...),
		LocalKey: keyOf(p.AuthLocalKey), RemoteKey: keyOf(p.AuthRemoteKey), Keyring: p.Keyring, PPKKeyring: p.PPKKeyring,
		Lifetime: orSeconds(p.Lifetime, iosconfig.DefaultIKELifetime), DPD: dpdOf(p.DPD),
		ConfigRequest: !p.ConfigRequestOff, ForceInitialContact: p.InitialContact, Reauthenticate: p.Reauthentication,
		ThroughNAT: ikev2.ThroughNAT{NATKeepalive: time.Duration(p.NATKeepalive) * time.Second, ForceEncap: p.ForceEncap}, Serving: servingOf(c, p),
	}
	if (out.AuthLocal|out.AuthRemote)&^ikev2.PreShared != 0 || p.LocalIdentity != nil && p.LocalIdentity.Kind == "dn" {
		out.Certificates = certificatesOf(c, p, &papers)
	}
	if p.MatchLocalIface != "" {
		out.MatchLocal = addressOf(c, p.MatchLocalIface)
	}
	for i := range p.MatchRemote {
		if m, ok := matchOf(&p.MatchRemote[i]); ok {
			out.MatchRemote = append(out.MatchRemote, m)
		}
	}
	return out
}

func orSeconds(n, otherwise int) time.Duration {
	if n == 0 {
		n = otherwise
	}
	return time.Duration(n) * time.Second
}
