package condition

import (
	"fmt"
	"net/netip"

	"ikelab/topologies/fault"
	"ikelab/topologies/form"
)

// wireTest is what has left the routers of a lab.
type wireTest struct {
	what   string
	match  fault.Match
	within netip.Prefix
	except string // "ntp", "": nothing
	count  Comparison
	since  string
}

func (t *wireTest) keys() []form.Key {
	return append([]form.Key{
		{Name: "wire", Help: "seen: packets that fit; clear: those that neither IKE nor ESP protects; reuse: a message id, an IV or a sequence number that was used twice under a key",
			Value: form.Choice(&t.what, "wire", "seen", "clear", "reuse")},
		{Name: "within", Help: "of those in clear: from or to an address of this prefix", Value: form.Parsed(&t.within, "within", "prefix", netip.ParsePrefix)},
		{Name: "except", Help: "of those in clear: not what asks for the time or tells it", Value: form.Choice(&t.except, "except", "ntp")},
		{Name: "count", Help: "how often; without: at least once", Value: form.Parsed(&t.count, "count", comparing, ParseComparison)},
		{Name: "since", Help: "name of the step from which on it counts; without: from power-on", Value: form.Word(&t.since, "since")},
	}, t.match.Keys()...)
}

func (t *wireTest) bind(w *World) (probe, error) {
	if err := t.match.Find(w.lab, w.Router); err != nil {
		return nil, err
	}
	w.listen()
	p := &wireProbe{world: w, test: t}
	if t.what == "reuse" {
		p.reuse = fault.NewReuse(w.Wire())
	} else {
		w.Wire().Look(p.take)
	}
	return p, nil
}

type wireProbe struct {
	world *World
	test  *wireTest
	last  string
	reuse *fault.Reuse
	tally
}

// version counts what was found.
func (p *wireProbe) version() uint64 {
	if p.reuse != nil && p.reuse.Found != "" {
		return 1
	}
	return uint64(len(p.found))
}

func (p *wireProbe) take(k *fault.Packet) {
	t := p.test
	if !t.match.Fits(k) || t.what == "clear" && (!k.InClear() || t.except != "" && k.NTP() || t.within.IsValid() && !t.within.Contains(k.Src) && !t.within.Contains(k.Dst)) {
		return
	}
	p.found = append(p.found, p.world.serial)
	p.last = fmt.Sprintf("frame %d at %s, %v to %v, protocol %d", k.Frame.Number, k.Port.Name(), k.Src, k.Dst, k.Protocol)
}

func (p *wireProbe) look() Finding {
	if p.reuse != nil {
		return Finding{Holds: p.reuse.Found != "", Want: "that something is used twice", Got: p.reuse.Found}
	}
	return p.told(p.world.points[p.test.since], "", func(n int) Finding {
		about := p.test.match.String()
		if p.test.what == "clear" {
			about += " in clear"
		}
		f := counted("on the wire "+about, p.test.count, n)
		if n > 0 {
			f.Got += ", the last one: " + p.last
		}
		return f
	})
}
