package crypto

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// ikev2Rows are the global settings of IKEv2; the objects have files of their
// own.
var ikev2Rows = []editor.Row[iosconfig.Config]{
	editor.NumberRow("crypto ikev2 nat keepalive", "5-3600", "||NAT-transparency|Set NAT keepalive interval|NAT keepalive interval in seconds",
		func(o *iosconfig.Config) *int { return &o.IKEv2.NATKeepalive }),
	dpdRow("crypto ikev2 dpd", "||Enable IKE liveness check for peers", func(o *iosconfig.Config) **iosconfig.DPD { return &o.IKEv2.DPD }),
	{
		Syntax: "crypto ikev2 window / <size:1-200>",
		Help:   "||IKEV2 window size|Window size",
		Set: func(e *global, a syntax.Args) error {
			e.It.IKEv2.Window = editor.Unless(a.Int("size"), iosconfig.DefaultWindow)
			return nil
		},
		Clear: func(e *global, _ syntax.Args) error { e.It.IKEv2.Window = 0; return nil },
		Show:  func(e *global) []string { return editor.Number("crypto ikev2 window", e.It.IKEv2.Window) },
		Usual: func(*global) []string { return editor.Number("crypto ikev2 window", iosconfig.DefaultWindow) },
	},
	editor.NumberRow("crypto ikev2 cookie-challenge", "1-1000", "||Set Cookie-challenge watermark|Maximum half-open SAs",
		func(o *iosconfig.Config) *int { return &o.IKEv2.CookieChallenge }),
	limitRow,
	editor.NumberRow("crypto ikev2 limit max-sa", "1-9999", "|||Limit the number of SAs|Limit", func(o *iosconfig.Config) *int { return &o.IKEv2.MaxSA }),
	{
		Syntax:  "crypto ikev2 http-url cert",
		Help:    "||Enable http URL lookup|Enable certificate lookup based on http URL",
		Set:     func(e *global, _ syntax.Args) error { e.It.IKEv2.HTTPURLCert = true; return nil },
		Clear:   func(e *global, _ syntax.Args) error { e.It.IKEv2.HTTPURLCert = false; return nil },
		Default: func(e *global, _ syntax.Args) error { e.It.IKEv2.HTTPURLCert = true; return nil },
		Show:    func(e *global) []string { return editor.When(!e.It.IKEv2.HTTPURLCert, "no crypto ikev2 http-url cert") },
		Usual:   func(*global) []string { return []string{"crypto ikev2 http-url cert"} },
	},
	{
		Syntax: "crypto ikev2 diagnose error / <entries:1-1000>",
		Help:   "||IKEV2 diagnose|Maximum errors to be stored in the exit path table|Number of entries",
		Set:    func(e *global, a syntax.Args) error { e.It.IKEv2.DiagnoseErrors = a.Int("entries"); return nil },
		Clear:  func(e *global, _ syntax.Args) error { e.It.IKEv2.DiagnoseErrors = 0; return nil },
		Default: func(e *global, _ syntax.Args) error {
			e.It.IKEv2.DiagnoseErrors = iosconfig.DefaultDiagnose
			return nil
		},
		Show: func(e *global) []string {
			if e.It.IKEv2.DiagnoseErrors == 0 {
				return []string{"no crypto ikev2 diagnose error"}
			}
			return editor.Number("crypto ikev2 diagnose error", editor.Unless(e.It.IKEv2.DiagnoseErrors, iosconfig.DefaultDiagnose))
		},
		Usual: func(*global) []string {
			return editor.Number("crypto ikev2 diagnose error", iosconfig.DefaultDiagnose)
		},
	},
	{
		Syntax: "crypto ikev2 fragmentation / [mtu <octets:68-1500>]",
		Help:   "||Enable fragmentation of ikev2 packets|MTU|MTU in bytes",
		Set: func(e *global, a syntax.Args) error {
			e.It.IKEv2.FragmentMTU = iosconfig.DefaultFragmentMTU
			if a.Has("mtu") {
				e.It.IKEv2.FragmentMTU = a.Int("octets")
			}
			return nil
		},
		Clear: func(e *global, _ syntax.Args) error { e.It.IKEv2.FragmentMTU = 0; return nil },
		Show: func(e *global) []string {
			if e.It.IKEv2.FragmentMTU == iosconfig.DefaultFragmentMTU {
				return []string{"crypto ikev2 fragmentation"}
			}
			return editor.Number("crypto ikev2 fragmentation mtu", e.It.IKEv2.FragmentMTU)
		},
	},
	editor.SwitchRow("crypto ikev2 childless", "||IKE SAs may come up without a child SA, which then has a key exchange of its own",
		func(o *iosconfig.Config) *bool { return &o.IKEv2.Childless }),
	redirectClientRow,
	redirectGatewayRow,
	clusterRow,
	editor.SwitchRow("crypto isakmp invalid-spi-recovery", "|Configure ISAKMP policy|Initiate IKE and send Invalid SPI Notify",
		func(o *iosconfig.Config) *bool { return &o.IKEv2.SPIRecovery }),
	editor.SwitchRow("crypto logging ikev2", "|logging messages|ikev2 logging", func(o *iosconfig.Config) *bool { return &o.IKEv2.LogIKEv2 }),
	editor.SwitchRow("crypto logging session", "||logging up/down session", func(o *iosconfig.Config) *bool { return &o.IKEv2.LogSession }),
}

// Rows are the global commands of IKEv2 and IPsec, in running-config's order.
var Rows = slices.Concat(
	[]editor.Row[iosconfig.Config]{trustpointSection.Row(), oldTrustpointRow, certificateMapRow},
	pkiActionRows,
	[]editor.Row[iosconfig.Config]{authorizationSection.Row(), proposalSection.Row(), policySection.Row(), keyringSection.Row(), profileSection.Row(), flexSection.Row()},
	[]editor.Row[iosconfig.Config]{authorizationSection.Restore(), proposalSection.Restore(), policySection.Restore(), transformSection.Restore(), ipsecProfileSection.Restore()},
	ikev2Rows,
	ipsecRows,
	[]editor.Row[iosconfig.Config]{transformSection.Row(), ipsecProfileSection.Row(), mapSourceRow, mapRow, dynamicEntryRow, mapClientRow, mapAuthorizationRow},
	textRows,
)

// NoEffect lists the commands without effect of all modes.
func NoEffect() [][]string {
	return [][]string{proposalMode.NoEffect(), policyMode.NoEffect(), keyringMode.NoEffect(), peerMode.NoEffect(),
		profileMode.NoEffect(), authorizationMode.NoEffect(), flexMode.NoEffect(), clusterMode.NoEffect(), transformMode.NoEffect(), ipsecProfileMode.NoEffect(), mapMode.NoEffect()}
}
