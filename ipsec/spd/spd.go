package spd

import (
	"cmp"
	"slices"
)

// Action is what becomes of traffic that an entry selects (RFC 4301 section
// 4.4.1).
type Action uint8

// The actions.
const (
	Protect Action = iota
	Bypass
	Discard
)

func (a Action) String() string { return [...]string{"protect", "bypass", "discard"}[min(a, Discard)] }

// Rule is an entry as it is configured.
type Rule struct {
	Name          string
	Action        Action
	Local, Remote []Selector
	// Routed says that only a route leads to the entry, that of a tunnel
	// interface: packets are not looked up for it.
	Routed bool
	Order  int // among those that packets are looked up for, lowest first; then by name
}

// SPD is the security policy database: entries by name, and in order those
// that packets are looked up for. However many routed ones there are, a lookup
// does not see them. E is what its owner keeps for each entry. The zero value
// is empty and ready.
type SPD[E any] struct {
	byName  map[string]*entry[E]
	ordered []*entry[E]
}

type entry[E any] struct {
	rule    Rule
	out, in Policy
	value   E
}

func (e *entry[E]) compare(f *entry[E]) int {
	return cmp.Or(cmp.Compare(e.rule.Order, f.rule.Order), cmp.Compare(e.rule.Name, f.rule.Name))
}

// Set enters a rule, in the place of the one with its name. A rule that cannot
// be changes nothing.
func (d *SPD[E]) Set(r Rule, value E) error {
	out, err := NewPolicy(r.Local, r.Remote)
	if err != nil {
		return err
	}
	in, err := NewPolicy(r.Remote, r.Local)
	if err != nil {
		return err
	}
	d.Delete(r.Name)
	if d.byName == nil {
		d.byName = map[string]*entry[E]{}
	}
	e := &entry[E]{rule: r, out: out, in: in, value: value}
	d.byName[r.Name] = e
	if !r.Routed {
		at, _ := slices.BinarySearchFunc(d.ordered, e, (*entry[E]).compare)
		d.ordered = slices.Insert(d.ordered, at, e)
	}
	return nil
}

// Get is the entry with a name.
func (d *SPD[E]) Get(name string) (E, bool) {
	if e := d.byName[name]; e != nil {
		return e.value, true
	}
	var none E
	return none, false
}

// Delete removes the entry with a name, if there is one.
func (d *SPD[E]) Delete(name string) {
	e := d.byName[name]
	if e == nil {
		return
	}
	delete(d.byName, name)
	if at, found := slices.BinarySearchFunc(d.ordered, e, (*entry[E]).compare); found && !e.rule.Routed {
		d.ordered = slices.Delete(d.ordered, at, at+1)
	}
}

// Len is the number of entries.
func (d *SPD[E]) Len() int { return len(d.byName) }

// Outbound is the first entry, in order, that selects a well-formed packet
// that is about to leave; Inbound one that has come in. ok is false where none
// does, and then there is no policy for it.
func (d *SPD[E]) Outbound(pkt []byte) (value E, a Action, ok bool) {
	for _, e := range d.ordered {
		if e.out.Allows(pkt) {
			return e.value, e.rule.Action, true
		}
	}
	return value, a, false
}

func (d *SPD[E]) Inbound(pkt []byte) (value E, a Action, ok bool) {
	for _, e := range d.ordered {
		if e.in.Allows(pkt) {
			return e.value, e.rule.Action, true
		}
	}
	return value, a, false
}
