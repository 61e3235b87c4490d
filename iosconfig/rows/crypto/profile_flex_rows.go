package crypto

import (
	"slices"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// What a profile says of configuration payloads, and of peers for whom no tunnel is
// configured.

// exchangeRow is on unless it says no.
func exchangeRow(what, help string, off func(*iosconfig.Profile) *bool) editor.Row[iosconfig.Profile] {
	line := "config-exchange " + what
	on := func(e *profile, _ syntax.Args) error { *off(e.It) = false; return nil }
	return editor.Row[iosconfig.Profile]{
		Syntax: line, Help: help, Set: on, Default: on,
		Clear: func(e *profile, _ syntax.Args) error { *off(e.It) = true; return nil },
		Show:  func(e *profile) []string { return editor.When(*off(e.It), "no "+line) },
		Usual: func(*profile) []string { return []string{line} },
	}
}

// groupAuthorizationRow names the policy by which peers of a method, "psk" or "cert", get what
// they ask for.
func groupAuthorizationRow(method, help string, of func(*iosconfig.Profile) *iosconfig.GroupAuthorization) editor.Row[iosconfig.Profile] {
	return editor.Row[iosconfig.Profile]{
		Syntax: "aaa authorization group [override] " + method + " list / <list:word> <policy:word>",
		Help:   "|AAA authorization|Group authorization|Override user attributes|" + help + "|AAA list|AAA list|AAA username: name of the authorization policy",
		Set: func(e *profile, a syntax.Args) error {
			g, name := iosconfig.GroupAuthorization{List: a.Word("list"), Policy: a.Word("policy"), Override: a.Has("override")}, e.Path[0]
			*of(e.It) = g
			stands := func(c *iosconfig.Config) bool { p := c.Profile(name); return p != nil && *of(p) == g }
			for _, why := range []iosconfig.Unauthorized{iosconfig.NoAAA, iosconfig.NoList, iosconfig.ListAsksElse} {
				e.Note("% "+why.Text(g.List)+": peers of profile "+name+" get no configuration", func(c *iosconfig.Config) bool { return stands(c) && iosconfig.WhyUnauthorized(c, g.List) == why })
			}
			e.Note("% IKEv2 authorization policy "+g.Policy+" does not exist", func(c *iosconfig.Config) bool { return stands(c) && c.Authorization(g.Policy) == nil })
			e.Note("% Profile "+name+" has two authorization policies: which networks peers are told is said by the one of psk", func(c *iosconfig.Config) bool {
				return stands(c) && twoPolicies(c.Profile(name))
			})
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error { *of(e.It) = iosconfig.GroupAuthorization{}; return nil },
		Show: func(e *profile) []string {
			g := *of(e.It)
			line := "aaa authorization group "
			if g.Override {
				line += "override "
			}
			return editor.When(g.List != "", line+method+" list "+g.List+" "+g.Policy)
		},
	}
}

// twoPolicies says whether peers of a profile get their configuration by two policies.
func twoPolicies(p *iosconfig.Profile) bool {
	return p.Authorize.List != "" && p.AuthorizeCert.List != "" && p.Authorize.Policy != p.AuthorizeCert.Policy && slices.Contains(p.AuthRemote, "pre-share")
}

// virtualTemplateRow names what interfaces are cloned from for peers that no tunnel is for.
var virtualTemplateRow = editor.Row[iosconfig.Profile]{
	Syntax: "virtual-template / <number:1-4095> [mode auto]",
	Help:   "Set the virtual-template for dynamic interface creation|Virtual template number|Mode|Automatic",
	Set: func(e *profile, a syntax.Args) error {
		n, name := a.Int("number"), e.Path[0]
		e.It.Template, e.It.TemplateAuto = n, a.Has("mode")
		template := "Virtual-Template" + strconv.Itoa(n)
		wrong := func(c *iosconfig.Config, which func(*iosconfig.Interface) bool) bool {
			p := c.Profile(name)
			return p != nil && p.Template == n && which(c.Interface(template))
		}
		e.Note("% Virtual template "+strconv.Itoa(n)+" does not exist", func(c *iosconfig.Config) bool {
			return wrong(c, func(i *iosconfig.Interface) bool { return i == nil })
		})
		e.Note("% "+template+" is not of type tunnel: nothing is cloned from it", func(c *iosconfig.Config) bool {
			return wrong(c, func(i *iosconfig.Interface) bool { return i != nil && !i.TunnelTemplate })
		})
		e.Note("% "+template+" has no tunnel protection: nothing is cloned from it", func(c *iosconfig.Config) bool {
			return wrong(c, func(i *iosconfig.Interface) bool { return i != nil && i.TunnelTemplate && i.Tunnel.Protection == "" })
		})
		return nil
	},
	Clear: func(e *profile, _ syntax.Args) error { e.It.Template, e.It.TemplateAuto = 0, false; return nil },
	Show: func(e *profile) []string {
		line := "virtual-template " + strconv.Itoa(e.It.Template)
		if e.It.TemplateAuto {
			line += " mode auto"
		}
		return editor.When(e.It.Template != 0, line)
	},
}
