package ip

// trie maps prefixes to values: for each family a binary trie with compressed paths. A
// change touches the way to its prefix and nothing else.
type trie[T any] struct{ four, six *node[T] }

type node[T any] struct {
	addr  address
	bits  int
	child [2]*node[T] // by the bit that follows the prefix
	value *T          // nil: a fork
}

// of is the family of an address.
func (t *trie[T]) of(a address) **node[T] {
	if a.is4() {
		return &t.four
	}
	return &t.six
}

func (n *node[T]) covers(a address) bool { return common(a, n.addr) >= n.bits }

// at is the node of a prefix, made if need be.
func (t *trie[T]) at(p prefix) *node[T] {
	place := t.of(p.addr)
	for {
		n := *place
		if n == nil {
			*place = &node[T]{addr: p.addr, bits: p.bits}
			return *place
		}
		shared := min(p.bits, n.bits, common(p.addr, n.addr))
		switch {
		case shared < n.bits:
			fork := &node[T]{addr: p.addr.masked(shared), bits: shared}
			fork.child[n.addr.bit(shared)] = n
			*place = fork
			if shared == p.bits {
				return fork
			}
			place = &fork.child[p.addr.bit(shared)]
		case shared == p.bits:
			return n
		default:
			place = &n.child[p.addr.bit(n.bits)]
		}
	}
}

// get is the value of exactly that prefix; nil: none.
func (t *trie[T]) get(p prefix) *T {
	n := *t.of(p.addr)
	for n != nil && n.bits < p.bits && n.covers(p.addr) {
		n = n.child[p.addr.bit(n.bits)]
	}
	if n == nil || n.bits != p.bits || n.addr != p.addr {
		return nil
	}
	return n.value
}

// remove takes a prefix out.
func (t *trie[T]) remove(p prefix) {
	place := t.of(p.addr)
	*place = (*place).without(p)
}

// without is what is left of a tree when a prefix is gone.
func (n *node[T]) without(p prefix) *node[T] {
	switch {
	case n == nil || p.bits < n.bits || !n.covers(p.addr):
		return n
	case p.bits == n.bits:
		n.value = nil
	default:
		c := &n.child[p.addr.bit(n.bits)]
		*c = (*c).without(p)
	}
	switch {
	case n.value != nil || n.child[0] != nil && n.child[1] != nil:
		return n
	case n.child[0] != nil:
		return n.child[0]
	}
	return n.child[1]
}

// within calls f with every value of a prefix that lies within p, in order.
func (t *trie[T]) within(p prefix, f func(*T)) {
	t.find(p, func(v *T) bool {
		f(v)
		return false
	})
}

// find does so until f says yes.
func (t *trie[T]) find(p prefix, f func(*T) bool) {
	n := *t.of(p.addr)
	for n != nil && n.bits < p.bits && n.covers(p.addr) {
		n = n.child[p.addr.bit(n.bits)]
	}
	if n != nil && n.bits >= p.bits && p.contains(n.addr) {
		n.find(f)
	}
}

func (n *node[T]) find(f func(*T) bool) bool {
	return n != nil && (n.value != nil && f(n.value) || n.child[0].find(f) || n.child[1].find(f))
}

func (n *node[T]) walk(f func(*T)) {
	n.find(func(v *T) bool {
		f(v)
		return false
	})
}

// walk calls f with every value, in order.
func (t *trie[T]) walk(f func(*T)) {
	t.four.walk(f)
	t.six.walk(f)
}
