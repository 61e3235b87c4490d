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
var redirectGatewayRow = editor.Row[iosconfig.Config]{
	Syntax: "crypto ikev2 redirect gateway {init|auth}",
	Help:   "||" + redirectHelp + "|Enables Redirect Mechanism on Gateway|Redirect at SA initiation|Redirect at SA authentication",
	Set: func(e *global, a syntax.Args) error {
		if e.It.IKEv2.Redirect.Gateway = "auth"; a.Has("init") {
			e.It.IKEv2.Redirect.Gateway = "init"
		}
		way := e.It.IKEv2.Redirect.Gateway
		noteNobodySent(e.Line, "crypto ikev2 redirect gateway "+way, func(c *iosconfig.Config) bool { return c.IKEv2.Redirect.Gateway == way })
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error { e.It.IKEv2.Redirect.Gateway = ""; return nil },
	Show: func(e *global) []string {
		way := e.It.IKEv2.Redirect.Gateway
		return editor.When(way != "", "crypto ikev2 redirect gateway "+way)
	},
}

// noteNobodySent tells that a line has clients sent away, but nothing says where to.
func noteNobodySent(l *editor.Line, line string, stands func(*iosconfig.Config) bool) {
	l.Note("% "+line+": nobody is sent away without a crypto ikev2 cluster", func(c *iosconfig.Config) bool {
		return stands(c) && !c.IKEv2.Cluster.Works()
	})
}

// redirectAuthRow has clients of a profile sent elsewhere when they have proved who they are.
var redirectAuthRow = func() editor.Row[iosconfig.Profile] {
	row := editor.SwitchRow("redirect gateway auth", redirectHelp+"|Enables Redirect Mechanism on Gateway|Redirect at SA authentication",
		func(p *iosconfig.Profile) *bool { return &p.RedirectAuth })
	set := row.Set
	row.Set = func(e *profile, a syntax.Args) error {
		name := e.Path[0]
		noteNobodySent(e.Line, "crypto ikev2 profile "+name+": redirect gateway auth", func(c *iosconfig.Config) bool {
			p := c.IKEv2.Profiles.Get(name)
			return p != nil && p.RedirectAuth
		})
		return set(e, a)
	}
	return row
}()
