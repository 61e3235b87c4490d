package iosconfig

import (
	"iter"
	"strings"
)

// List holds objects that have names, in the order in which they were made.
// Objects in it do not change: who edits one puts a copy.
type List[O any] struct{ objects }

// objects are those of a list, of whichever type: what knows the type is compiled for each of
// fifty in every package that knows a configuration.
type objects struct {
	byName Tree[string, object]
	order  Tree[uint32, any] // by object.at; and at 0, where no object is, their naming, if they name any
	last   uint32
}

type object struct {
	it any // *O
	at uint32
}

// Len is how many objects there are.
func (l *objects) Len() int { return l.byName.Len() }

// Get returns the object with the name, or nil.
func (l *List[O]) Get(name string) *O {
	e, _ := l.byName.Get(name)
	o, _ := e.it.(*O)
	return o
}

// Put adds an object, or puts it in the place of the one with its name.
func (l *List[O]) Put(name string, o *O) { l.put(name, o) }

func (l *objects) put(name string, it any) {
	e, ok := l.byName.Get(name)
	if !ok {
		l.last++
		e.at = l.last
	}
	follow(l, name, e.it, it)
	e.it = it
	l.byName.Put(name, e)
	l.order.Put(e.at, it)
}

// namingIn is whom the objects name. It is no method, nor is follow: a list would have it for each type.
func namingIn(l *objects) naming {
	n, _ := l.order.Get(0)
	names, _ := n.(naming)
	return names
}

// follow has the naming follow an object that changes.
func follow(l *objects, name string, before, after any) {
	n := namingIn(l)
	if !n.follow(name, before, after) {
		return
	}
	if n.Len() == 0 {
		l.order.delete(0)
		return
	}
	l.order.Put(0, n)
}

// Number says as which one the object with the name was made, from 1; 0: there is none.
func (l *objects) Number(name string) int {
	e, _ := l.byName.Get(name)
	return int(e.at)
}

// Remove takes an object away.
func (l *objects) Remove(name string) {
	if e, ok := l.byName.Get(name); ok {
		follow(l, name, e.it, nil)
		l.byName.delete(name)
		l.order.delete(e.at)
	}
}

// All are the objects.
func (l *List[O]) All() iter.Seq[*O] {
	return func(yield func(*O) bool) {
		for _, o := range l.order.From(1) {
			if !yield(o.(*O)) {
				return
			}
		}
	}
}

// Beginning are the objects of a list whose names begin with a text. It is no method, as few
// ask (see objects).
func Beginning[O any](l *List[O], text string) iter.Seq[*O] {
	return func(yield func(*O) bool) {
		for name, e := range l.byName.From(text) {
			if !strings.HasPrefix(name, text) || !yield(e.it.(*O)) {
				return
			}
		}
	}
}
