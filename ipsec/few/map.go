package few

import (
	"iter"
	"slices"
)

// most is how many entries are few: a map of Go's has room for eight as soon as it has one.
const most = 4

// Map is a map whose entries stand in a list while there are few. The zero value is empty and
// ready.
type Map[K comparable, V any] struct {
	list []entry[K, V] // in the order in which they came
	many map[K]V       // nil: they are in the list
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

// Get is what there is under a key, the zero value if there is nothing.
func (m *Map[K, V]) Get(key K) (v V) {
	for i := range m.list {
		if m.list[i].key == key {
			return m.list[i].value
		}
	}
	if m.many != nil {
		v = m.many[key]
	}
	return v
}

// Find is Get that says whether there is anything.
func (m *Map[K, V]) Find(key K) (v V, ok bool) {
	for i := range m.list {
		if m.list[i].key == key {
			return m.list[i].value, true
		}
	}
	v, ok = m.many[key]
	return v, ok
}

// Put enters something under a key, in the place of what was there.
func (m *Map[K, V]) Put(key K, v V) {
	if m.many != nil {
		m.many[key] = v
		return
	}
	for i := range m.list {
		if m.list[i].key == key {
			m.list[i].value = v
			return
		}
	}
	if len(m.list) < most {
		m.list = append(m.list, entry[K, V]{key, v})
		return
	}
	m.many = make(map[K]V, 2*most)
	for _, e := range m.list {
		m.many[e.key] = e.value
	}
	m.many[key], m.list = v, nil
}

// Delete takes away what there is under a key.
func (m *Map[K, V]) Delete(key K) {
	if m.many == nil {
		m.list = slices.DeleteFunc(m.list, func(e entry[K, V]) bool { return e.key == key })
		return
	}
	if delete(m.many, key); len(m.many) == 0 {
		m.many = nil
	}
}

// Len is how many entries there are.
func (m *Map[K, V]) Len() int { return len(m.list) + len(m.many) }

// All are the entries, in no order. Nothing is entered or deleted meanwhile.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, e := range m.list {
			if !yield(e.key, e.value) {
				return
			}
		}
		for key, v := range m.many {
			if !yield(key, v) {
				return
			}
		}
	}
}
