package condition

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"ikelab/router/record"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// recordTest is something that was recorded.
type recordTest struct {
	kind, node    string
	fields        []field
	count         Comparison
	since         string
	before, after *recordTest
}

func (t *recordTest) keys() []form.Key {
	other := func(dst **recordTest, name string) form.Value {
		o := &recordTest{}
		return form.Then(form.Object("a record", o.own()), func(*form.Reader, *yaml.Node) { *dst = o })
	}
	return append(t.own(),
		form.Key{Name: "count", Help: "how often; without: at least once", Value: form.Parsed(&t.count, "count", comparing, ParseComparison)},
		form.Key{Name: "since", Help: "name of the step from which on it, and what comes before or after it, counts; without: from power-on", Value: form.Word(&t.since, "since")},
		form.Key{Name: "before", Help: "the first one comes before this one", Value: other(&t.before, "before")},
		form.Key{Name: "after", Help: "the first one comes after this one", Value: other(&t.after, "after")},
	)
}

// own are the keys that tell a record.
func (t *recordTest) own() []form.Key {
	return []form.Key{
		{Name: "record", Help: "kind of record, such as ike.sa_up", Value: form.Parsed(&t.kind, "record", "kind of record", knownKind)},
		{Name: "node", Help: "whose record; without: anybody's", Value: form.Word(&t.node, "node")},
		{Name: "fields", Help: "fields of its body, by paths such as sa.spi_i", Value: fieldsValue(&t.fields, func(path string) error {
			return knownField(t.kind, path)
		})},
	}
}

func (t *recordTest) bind(w *World) (probe, error) {
	p, err := t.probe(w)
	if err != nil {
		return nil, err
	}
	for _, other := range []struct {
		test *recordTest
		dst  **recordProbe
	}{{t.before, &p.before}, {t.after, &p.after}} {
		if other.test != nil {
			if *other.dst, err = other.test.probe(w); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func (t *recordTest) probe(w *World) (*recordProbe, error) {
	p := &recordProbe{world: w, test: t}
	if t.node != "" {
		r, err := w.Router(t.node)
		if err != nil {
			return nil, err
		}
		p.node = r.Name()
	}
	w.listen()
	w.wanted[t.kind] = append(w.wanted[t.kind], p)
	return p, nil
}

// recordProbe keeps which records fit.
type recordProbe struct {
	world         *World
	test          *recordTest
	node          string
	last          record.Record
	near          string // the body of the last one that is of the kind and does not fit
	before, after *recordProbe
	tally
}

func (p *recordProbe) version() uint64 {
	n := uint64(len(p.found))
	for _, o := range []*recordProbe{p.before, p.after} {
		if o != nil {
			n += uint64(len(o.found))
		}
	}
	return n
}

// take looks at a record of the kind.
func (p *recordProbe) take(r record.Record, serial uint64) {
	if p.node != "" && r.Node != p.node {
		return
	}
	if len(p.test.fields) > 0 {
		json := p.world.encode.Record(r)
		for _, f := range p.test.fields {
			if _, ok := f.holds(json, "body."); !ok {
				p.near = json
				return
			}
		}
	}
	p.found, p.last = append(p.found, serial), r
}

func (p *recordProbe) look() Finding {
	f := p.told(p.world.points[p.test.since], p.near, func(n int) Finding {
		f := counted(fmt.Sprintf("records %s", p.test), p.test.count, n)
		if n > 0 {
			f.Record = &p.last
			f.Got += ", the last one: " + strings.TrimSpace(p.world.encode.Record(p.last))
		} else if p.near != "" {
			f.Got += "; one of the kind was " + strings.TrimSpace(p.near)
		}
		return f
	})
	if f.Holds && p.before != nil {
		f = p.ordered(f, p, p.before)
	}
	if f.Holds && p.after != nil {
		f = p.ordered(f, p.after, p)
	}
	return f
}

// begin is for those as well that come before or after.
func (p *recordProbe) begin(serial uint64) {
	for _, o := range []*recordProbe{p, p.before, p.after} {
		if o != nil {
			o.floor = serial
		}
	}
}

// ordered wants the first of one kind before the first of another, of those that
// count.
func (p *recordProbe) ordered(f Finding, first, second *recordProbe) Finding {
	f.Want = fmt.Sprintf("%s before %s", first.test, second.test)
	since := p.world.points[p.test.since]
	a, b := first.counting(since), second.counting(since)
	switch {
	case len(a) == 0:
		f.Holds, f.Got = false, fmt.Sprintf("there is no %s", first.test)
	case len(b) == 0:
		f.Holds, f.Got = false, fmt.Sprintf("there is no %s", second.test)
	case a[0] > b[0]:
		f.Holds, f.Got = false, "the other way round"
	}
	return f
}

// String tells which records are meant.
func (t *recordTest) String() string {
	text := t.kind
	if t.node != "" {
		text += " of " + t.node
	}
	for i, f := range t.fields {
		if i == 0 {
			text += " with "
		} else {
			text += ", "
		}
		text += f.String()
	}
	return text
}

// fabricBodies are the kinds that the fabric emits.
var fabricBodies = []record.Body{lab.FrameSent{}, lab.FrameDropped{}, lab.FrameAltered{}, lab.LinkChanged{}, lab.PortChanged{}, lab.FaultsSet{}}
