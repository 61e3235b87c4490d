package crypto

import "unique"

// Shared is a value that many have alike: it is kept once. The zero Shared is the zero value.
type Shared[T comparable] struct{ of unique.Handle[T] }

// Share keeps a value.
func Share[T comparable](v T) (s Shared[T]) {
	var zero T
	if v != zero {
		s.of = unique.Make(v)
	}
	return s
}

// Value is what is kept.
func (s Shared[T]) Value() (v T) {
	if s != (Shared[T]{}) {
		v = s.of.Value()
	}
	return v
}
