package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

const redirectHelp = "IKEv2 Redirect Mechanism for load-balancing"

// redirectClientRow has tunnels go where a gateway sends them (RFC 5685).
var redirectClientRow = editor.Row[iosconfig.Config]{
	Syntax: "crypto ikev2 redirect client / [max-redirects <number:1-255>]",
	Help:   "||" + redirectHelp + "|Enables Redirect Mechanism on Client|Redirect loop detection|Number of redirects",
	Set: func(e *global, a syntax.Args) error {
		r := &e.It.IKEv2.Redirect
		if r.Client, r.Max = true, 0; a.Has("max-redirects") {
			r.Max = editor.Unless(a.Int("number"), iosconfig.DefaultRedirects)
		}
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error {
		e.It.IKEv2.Redirect.Client, e.It.IKEv2.Redirect.Max = false, 0
		return nil
	},
	Show: func(e *global) []string {
		r := &e.It.IKEv2.Redirect
		if r.Max != 0 {
			return editor.Number("crypto ikev2 redirect client max-redirects", r.Max)
		}
		return editor.When(r.Client, "crypto ikev2 redirect client")
	},
}

// redirectGatewayRow says when a gateway sends clients elsewhere. Where to is the matter of a
// cluster.
var redirectGatewayRow = editor.Warns(editor.Row[iosconfig.Config]{
	Syntax: "crypto ikev2 redirect gateway {init|auth}",
	Help:   "||" + redirectHelp + "|Enables Redirect Mechanism on Gateway|Redirect at SA initiation|Redirect at SA authentication",
	Set: func(e *global, a syntax.Args) error {
		if e.It.IKEv2.Redirect.Gateway = "auth"; a.Has("init") {
			e.It.IKEv2.Redirect.Gateway = "init"
		}
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error { e.It.IKEv2.Redirect.Gateway = ""; return nil },
	Show: func(e *global) []string {
		way := e.It.IKEv2.Redirect.Gateway
		return editor.When(way != "", "crypto ikev2 redirect gateway "+way)
	},
}, nil)
