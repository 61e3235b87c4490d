package ikev2

import (
	"cmp"
	"slices"

	"ikelab/ipsec/few"
)

// ranked is an object of the configuration and its place among those that fit as well.
type ranked[O any] struct {
	of    *O
	group int // before the order: where it matters how much an object takes, the least first
	order int // of the configuration
	made  int // as the how manieth it came, where that says no more
}

func (r ranked[O]) compare(o ranked[O]) int {
	return cmp.Or(cmp.Compare(r.group, o.group), cmp.Compare(r.order, o.order), cmp.Compare(r.made, o.made))
}

// ranking is such objects, the first in front.
type ranking[O any] []ranked[O]

// move has an object be there, or not any more.
func (l ranking[O]) move(r ranked[O], there bool) ranking[O] {
	switch i, found := slices.BinarySearchFunc(l, r, ranked[O].compare); {
	case there && !found:
		return slices.Insert(l, i, r)
	case found && !there:
		return slices.Delete(l, i, i+1)
	}
	return l
}

// shelf keeps rankings by key; one that is empty is not kept.
type shelf[K comparable, O any] struct{ few.Map[K, ranking[O]] }

// change adds an object under a key, or takes it away.
func (s *shelf[K, O]) change(key K, r ranked[O], there bool) {
	if l := s.Get(key).move(r, there); len(l) > 0 {
		s.Put(key, l)
	} else {
		s.Delete(key)
	}
}

// first is the object in front under a key; nil: there is none.
func (s *shelf[K, O]) first(key K) *O {
	if l := s.Get(key); len(l) > 0 {
		return l[0].of
	}
	return nil
}
