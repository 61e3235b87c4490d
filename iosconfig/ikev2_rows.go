package iosconfig

import "ikelab/iosconfig/syntax"

// ikev2Rows are the global settings of IKEv2; the objects have files of their
// own.
var ikev2Rows = []syntax.Command[edit]{
	noEffect(numberRow("crypto ikev2 nat keepalive", "5-3600", "||NAT-transparency|Set NAT keepalive interval|NAT keepalive interval in seconds",
		func(e *edit) *int { return &e.IKEv2.NATKeepalive })),
	dpdRow("crypto ikev2 dpd", "||Enable IKE liveness check for peers", func(e *edit) **DPD { return &e.IKEv2.DPD }),
	{
		Syntax: "crypto ikev2 window / <size:1-200>",
		Help:   "||IKEV2 window size|Window size",
		Set:    func(e *edit, a syntax.Args) error { e.IKEv2.Window = unless(a.Int("size"), defaultWindow); return nil },
		Clear:  func(e *edit, _ syntax.Args) error { e.IKEv2.Window = 0; return nil },
		Show:   func(e *edit) []string { return number("crypto ikev2 window", e.IKEv2.Window) },
	},
	noEffect(numberRow("crypto ikev2 cookie-challenge", "1-1000", "||Set Cookie-challenge watermark|Maximum half-open SAs",
		func(e *edit) *int { return &e.IKEv2.CookieChallenge })),
	numberRow("crypto ikev2 limit max-in-negotation-sa", "1-9999",
		"||Limit the number of maximum and negotiating sa|Limit the number of in negotiation SAs|Limit",
		func(e *edit) *int { return &e.IKEv2.MaxNegotiating }),
	numberRow("crypto ikev2 limit max-sa", "1-9999", "|||Limit the number of SAs|Limit", func(e *edit) *int { return &e.IKEv2.MaxSA }),
	{
		Syntax:  "crypto ikev2 http-url cert",
		Help:    "||Enable http URL lookup|Enable certificate lookup based on http URL",
		Set:     func(e *edit, _ syntax.Args) error { e.IKEv2.HTTPURLCert = true; return nil },
		Clear:   func(e *edit, _ syntax.Args) error { e.IKEv2.HTTPURLCert = false; return nil },
		Default: func(e *edit, _ syntax.Args) error { e.IKEv2.HTTPURLCert = true; return nil },
		Show:    func(e *edit) []string { return when(!e.IKEv2.HTTPURLCert, "no crypto ikev2 http-url cert") },
	},
	{
		NoEffect: true,
		Syntax:   "crypto ikev2 diagnose error / <entries:1-1000>",
		Help:     "||IKEV2 diagnose|Maximum errors to be stored in the exit path table|Number of entries",
		Set:      func(e *edit, a syntax.Args) error { e.IKEv2.DiagnoseErrors = a.Int("entries"); return nil },
		Clear:    func(e *edit, _ syntax.Args) error { e.IKEv2.DiagnoseErrors = 0; return nil },
		Default:  func(e *edit, _ syntax.Args) error { e.IKEv2.DiagnoseErrors = defaultDiagnose; return nil },
		Show: func(e *edit) []string {
			if e.IKEv2.DiagnoseErrors == 0 {
				return []string{"no crypto ikev2 diagnose error"}
			}
			return number("crypto ikev2 diagnose error", unless(e.IKEv2.DiagnoseErrors, defaultDiagnose))
		},
	},
	kept("crypto ikev2 fragmentation / [mtu <octets:68-1500>]", "||Enable fragmentation of ikev2 packets|MTU|MTU in bytes"),
	kept("crypto ikev2 certificate-cache / <entries:1-2000>", "||Cache for storing certs fetched from HTTP URLs|Number of certificates"),
	switchRow("crypto logging ikev2", "|logging messages|ikev2 logging", func(e *edit) *bool { return &e.IKEv2.LogIKEv2 }),
	switchRow("crypto logging session", "||logging up/down session", func(e *edit) *bool { return &e.IKEv2.LogSession }),
}

// defaultDiagnose is the size of the exit path table.
const defaultDiagnose = 50
