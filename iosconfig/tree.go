package iosconfig

import (
	"cmp"
	"iter"
)

// Tree is an ordered map that shares structure: Put and delete leave every
// copy of the tree as it was and cost O(log n). It is an AVL tree whose nodes
// never change. For each type of values it is compiled again by every package that knows a
// configuration, so few are in use: see objects.
type Tree[K cmp.Ordered, V any] struct{ root *node[K, V] }

// node compares soonest by its size: it comes first.
type node[K cmp.Ordered, V any] struct {
	size, height int32 // a node is copied at each change below it
	key          K
	value        V
	left, right  *node[K, V]
}

// Len is how many entries there are.
func (t Tree[K, V]) Len() int { return int(t.root.len()) }

func (n *node[K, V]) len() int32 {
	if n == nil {
		return 0
	}
	return n.size
}

func (n *node[K, V]) depth() int32 {
	if n == nil {
		return 0
	}
	return n.height
}

// Get returns the value of a key.
func (t Tree[K, V]) Get(key K) (value V, ok bool) {
	for n := t.root; n != nil; {
		switch {
		case key < n.key:
			n = n.left
		case key > n.key:
			n = n.right
		default:
			return n.value, true
		}
	}
	return value, false
}

// Put sets the value of a key.
func (t *Tree[K, V]) Put(key K, value V) { t.root = t.root.put(key, value) }

func (n *node[K, V]) put(key K, value V) *node[K, V] {
	switch {
	case n == nil:
		return &node[K, V]{key: key, value: value, height: 1, size: 1}
	case key < n.key:
		return n.with(n.left.put(key, value), n.right)
	case key > n.key:
		return n.with(n.left, n.right.put(key, value))
	}
	next := *n
	next.value = value
	return &next
}

// delete takes a key away.
func (t *Tree[K, V]) delete(key K) {
	if _, ok := t.Get(key); ok {
		t.root = t.root.delete(key)
	}
}

func (n *node[K, V]) delete(key K) *node[K, V] {
	switch {
	case key < n.key:
		return n.with(n.left.delete(key), n.right)
	case key > n.key:
		return n.with(n.left, n.right.delete(key))
	case n.left == nil:
		return n.right
	case n.right == nil:
		return n.left
	}
	next := n.right
	for next.left != nil {
		next = next.left
	}
	return next.with(n.left, n.right.delete(next.key))
}

// with is the node with other children, balanced.
func (n *node[K, V]) with(left, right *node[K, V]) *node[K, V] {
	switch d := left.depth() - right.depth(); {
	case d > 1 && left.left.depth() < left.right.depth():
		left = left.right.join(left.join(left.left, left.right.left), left.right.right)
		fallthrough
	case d > 1:
		return left.join(left.left, n.join(left.right, right))
	case d < -1 && right.right.depth() < right.left.depth():
		right = right.left.join(right.left.left, right.join(right.left.right, right.right))
		fallthrough
	case d < -1:
		return right.join(n.join(left, right.left), right.right)
	}
	return n.join(left, right)
}

// join is the node with other children.
func (n *node[K, V]) join(left, right *node[K, V]) *node[K, V] {
	return &node[K, V]{
		key: n.key, value: n.value, left: left, right: right,
		height: 1 + max(left.depth(), right.depth()), size: 1 + left.len() + right.len(),
	}
}

// differs are the keys under which two trees, of which one was made of the other, do not have
// the same. What they share is not looked at.
func (t Tree[K, V]) differs(u Tree[K, V]) []K { return differing(t.root, u.root, nil) }

func differing[K cmp.Ordered, V any](a, b *node[K, V], list []K) []K {
	switch {
	case a == b:
		return list
	case a == nil:
		a, b = b, a
	}
	left, same, right := b.split(a.key)
	list = differing(a.left, left, list)
	if same == nil || any(same.value) != any(a.value) {
		list = append(list, a.key)
	}
	return differing(a.right, right, list)
}

// split is what lies before a key, at it and behind it.
func (n *node[K, V]) split(key K) (left, at, right *node[K, V]) {
	switch {
	case n == nil:
		return nil, nil, nil
	case key < n.key:
		left, at, right = n.left.split(key)
		return left, at, n.join(right, n.right)
	case key > n.key:
		left, at, right = n.right.split(key)
		return n.join(n.left, left), at, right
	}
	return n.left, n, n.right
}

// All are the entries in the order of their keys.
func (t Tree[K, V]) All() iter.Seq2[K, V] { return t.From(*new(K)) }

// From are the entries from a key on.
func (t Tree[K, V]) From(key K) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { t.root.from(key, yield) }
}

func (n *node[K, V]) from(key K, yield func(K, V) bool) bool {
	switch {
	case n == nil:
		return true
	case n.key < key:
		return n.right.from(key, yield)
	}
	return n.left.from(key, yield) && yield(n.key, n.value) && n.right.from(key, yield)
}
