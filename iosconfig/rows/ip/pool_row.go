package ip

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// poolRow is `ip local pool`: addresses for peers. More lines of a name are more ranges.
var poolRow = editor.Row[iosconfig.Config]{
	Syntax: "ip local pool <name:word> / <first:ip> [<last:ip>]",
	Help:   "|Specify local options|IP Local address pool lists|Create named local address pool|First IP address of range|Last IP address of range",
	Set: func(e *global, a syntax.Args) error {
		r, err := poolRange(a)
		if err != nil {
			return err
		}
		p := iosconfig.LocalPool{Name: a.Word("name")}
		for other := range e.It.IKEv2.Pools.All() {
			if other.Name == p.Name {
				p.Ranges = slices.Clone(other.Ranges)
			}
			if slices.ContainsFunc(other.Ranges, func(o iosconfig.AddressRange) bool { return o != r && !o.Last.Less(r.First) && !r.Last.Less(o.First) }) {
				return syntax.Refuse("%%IP address range overlaps with pool: %s", other.Name)
			}
		}
		if !slices.Contains(p.Ranges, r) {
			p.Ranges = append(p.Ranges, r)
		}
		e.It.IKEv2.Pools.Put(p.Name, &p)
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		p := e.It.IKEv2.Pools.Get(a.Word("name"))
		if p == nil {
			return syntax.Refuse("%%Pool %s not found.", a.Word("name"))
		}
		next := iosconfig.LocalPool{Name: p.Name}
		if a.Given("first") {
			r, err := poolRange(a)
			if err != nil {
				return err
			}
			next.Ranges = editor.Without(p.Ranges, []iosconfig.AddressRange{r})
		}
		if len(next.Ranges) == 0 {
			e.It.IKEv2.Pools.Remove(p.Name)
			return nil
		}
		e.It.IKEv2.Pools.Put(p.Name, &next)
		return nil
	},
	Show: func(e *global) (lines []string) {
		for p := range e.It.IKEv2.Pools.All() {
			for _, r := range p.Ranges {
				lines = append(lines, "ip local pool "+p.Name+" "+r.String())
			}
		}
		return lines
	},
}

func poolRange(a syntax.Args) (iosconfig.AddressRange, error) {
	r := iosconfig.AddressRange{First: a.Addr("first"), Last: a.Addr("first")}
	if a.Given("last") {
		r.Last = a.Addr("last")
	}
	if first, last := r.First.As4(), r.Last.As4(); first[0] == 0 || first[0] == 127 || last[0] >= 224 {
		return r, a.Invalid("first")
	}
	if r.Last.Less(r.First) {
		return r, syntax.Refuse("%%Bad IP range, %v - %v", r.First, r.Last)
	}
	return r, nil
}
