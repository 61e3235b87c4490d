package iosconfig

import (
	"encoding/binary"
	"iter"
	"strings"
)

// List holds objects that have names, in the order in which they were made.
// Objects in it do not change: who edits one puts a copy.
type List[O any] struct {
	byName Tree[entry[O]]
	order  Tree[*O]
	last   uint32
}

type entry[O any] struct {
	object *O
	at     uint32
}

// Len is how many objects there are.
func (l *List[O]) Len() int { return l.byName.Len() }

// Get returns the object with the name, or nil.
func (l *List[O]) Get(name string) *O {
	e, _ := l.byName.Get(name)
	return e.object
}

// Put adds an object, or puts it in the place of the one with its name.
func (l *List[O]) Put(name string, o *O) {
	e, ok := l.byName.Get(name)
	if !ok {
		l.last++
		e.at = l.last
	}
	e.object = o
	l.byName.Put(name, e)
	l.order.Put(orderKey(e.at), o)
}

// Number says as which one the object with the name was made, from 1; 0: there is none.
func (l *List[O]) Number(name string) int {
	e, _ := l.byName.Get(name)
	return int(e.at)
}

// Remove takes an object away.
func (l *List[O]) Remove(name string) {
	if e, ok := l.byName.Get(name); ok {
		l.byName.Delete(name)
		l.order.Delete(orderKey(e.at))
	}
}

// differs are the names of objects that are others in a list of which this one was made.
func (l *List[O]) differs(before *List[O]) []string { return l.byName.differs(before.byName) }

// Beginning are the objects whose names begin with a text.
func (l *List[O]) Beginning(text string) iter.Seq[*O] {
	return func(yield func(*O) bool) {
		for name, e := range l.byName.From(text) {
			if !strings.HasPrefix(name, text) || !yield(e.object) {
				return
			}
		}
	}
}

// All are the objects.
func (l *List[O]) All() iter.Seq[*O] {
	return func(yield func(*O) bool) {
		for _, o := range l.order.All() {
			if !yield(o) {
				return
			}
		}
	}
}

func orderKey(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }
