package router

// inherited is whom a global line about IKEv2 and IPsec concerns, which holds for whoever says
// nothing else.
type inherited struct {
	engine   bool // IKE itself, whatever the profile
	profiles bool // that, and each IKEv2 profile
	clones   bool // what tunnels are cloned from, which profiles have
	tunnels  bool // each tunnel that is protected
	maps     bool // each crypto map
}

var (
	ofEngine = inherited{engine: true}
	ofAskers = inherited{clones: true, tunnels: true, maps: true} // whoever asks for SAs
	ofOwners = inherited{tunnels: true, maps: true}               // whoever has some
)

// inheritances are those of the global commands. A test wants a row of each.
var inheritances = map[string]inherited{
	"crypto ikev2 nat keepalive":                           ofEngine,
	"crypto ikev2 dpd":                                     ofEngine,
	"crypto ikev2 window":                                  ofEngine,
	"crypto ikev2 cookie-challenge":                        ofEngine,
	"crypto ikev2 limit max-in-negotation-sa":              ofEngine,
	"crypto ikev2 limit max-sa":                            ofEngine,
	"crypto ikev2 http-url cert":                           ofEngine,
	"crypto ikev2 fragmentation":                           ofEngine,
	"crypto ikev2 childless":                               ofEngine,
	"crypto isakmp invalid-spi-recovery":                   ofEngine,
	"crypto ipsec nat-transparency udp-encapsulation":      ofEngine,
	"crypto ikev2 redirect client":                         {engine: true, tunnels: true},
	"crypto ikev2 redirect gateway init":                   {profiles: true},
	"crypto ikev2 redirect gateway auth":                   {profiles: true},
	"crypto ipsec security-association lifetime seconds":   ofAskers,
	"crypto ipsec security-association lifetime kilobytes": ofAskers,
	"crypto ipsec security-association replay":             ofAskers, // without it there are no extended sequence numbers
	"crypto ipsec security-association idle-time":          ofOwners,
	"crypto ipsec security-association dummy":              ofOwners,
	"crypto ipsec df-bit":                                  ofOwners,
	"crypto ipsec fragmentation":                           ofOwners,
	"crypto ikev2 diagnose error":                          {}, // screens and logs look there themselves
	"crypto logging ikev2":                                 {},
	"crypto logging session":                               {},
}
