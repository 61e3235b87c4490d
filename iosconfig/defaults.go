package iosconfig

// Version is the `version` line of running-config: the release that the
// language is of.
func (g Generation) Version() string {
	if g == XE17 {
		return "17.6"
	}
	return "15.1"
}

// DefaultName is the name of the smart defaults.
const DefaultName = "default"

// DefaultProposal is the smart default proposal.
func (g Generation) DefaultProposal() *Proposal {
	if g == XE17 {
		return &Proposal{
			Name: DefaultName, Encryption: []string{"aes-cbc-256"},
			Integrity: []string{"sha512", "sha384"}, Group: []int{19, 14, 21},
		}
	}
	return &Proposal{
		Name:       DefaultName,
		Encryption: []string{"aes-cbc-256", "aes-cbc-192", "aes-cbc-128"},
		Integrity:  []string{"sha512", "sha384", "sha256", "sha1", "md5"},
		Group:      []int{5, 2},
	}
}

// DefaultPolicy is the smart default policy.
func (g Generation) DefaultPolicy() *Policy {
	return &Policy{Name: DefaultName, MatchFVRF: "any", Proposals: []string{DefaultName}}
}

// DefaultTransformSet is the smart default transform set.
func (g Generation) DefaultTransformSet() *TransformSet {
	return &TransformSet{Name: DefaultName, Transforms: []string{"esp-aes", "esp-sha-hmac"}, Mode: ModeTransport}
}

// DefaultIPsecProfile is the smart default IPsec profile.
func (g Generation) DefaultIPsecProfile() *IPsecProfile {
	return &IPsecProfile{Name: DefaultName, Protection: Protection{TransformSets: []string{DefaultName}, IKEv2Profile: DefaultName}}
}

// DefaultPFS is the group of `set pfs` without one.
func (g Generation) DefaultPFS() int {
	if g == XE17 {
		return 14
	}
	return 1
}

// Defaults that are written as 0 in Config.
const (
	DefaultIKELifetime = 86400 // seconds
	DefaultWindow      = 5     // requests
	DefaultFragmentMTU = 576   // octets
	DefaultReplay      = 64    // packets
)

// What a router has without a configuration.
const (
	DefaultHostname   = "Router"
	Debugging         = 7    // the severity
	DefaultBufferSize = 4096 // octets of the log
	DefaultDiagnose   = 50   // entries of the exit path table
)

// DefaultTimestamps stand before debug and log lines.
var DefaultTimestamps = Timestamps{Kind: TimestampDatetime, Msec: true}

// The modes of tunnels and transform sets.
const (
	TunnelGRE     = "gre ip"
	TunnelIPsec   = "ipsec ipv4"
	TunnelIPsec6  = "ipsec ipv6 v4-overlay" // IPv4 over IPv6
	TunnelIPIP    = "ipip"
	ModeTunnel    = "tunnel"
	ModeTransport = "transport"
)

// New is the configuration of a router that has none.
func New(g Generation) *Config {
	return &Config{
		Generation: g,
		Hostname:   DefaultHostname,
		Service:    Service{DebugTimestamps: DefaultTimestamps, LogTimestamps: DefaultTimestamps},
		Logging:    Logging{Buffered: Debugging, BufferedSize: DefaultBufferSize, Console: Debugging, Monitor: Debugging},
		IKEv2:      IKEv2{HTTPURLCert: true, DiagnoseErrors: DefaultDiagnose},
	}
}
