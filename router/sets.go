package router

import "iter"

// mark adds a name to a set.
func mark(set *map[string]bool, name string) { put(set, name, true) }

// put enters something into a map, which is made when there is something in it: of what a router
// can do most routers do little.
func put[K comparable, V any](m *map[K]V, key K, v V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = v
}

// addTo adds names to a set.
func addTo(set map[string]bool, names iter.Seq[string]) {
	for name := range names {
		set[name] = true
	}
}

// markTo is addTo for a set that there may not be yet.
func markTo(set *map[string]bool, names iter.Seq[string]) {
	for name := range names {
		mark(set, name)
	}
}
