package iosconfig

import (
	"iter"
	"slices"
	"strings"
)

// namer is an object that names others.
type namer interface {
	// names are those that it names. Where they are many, they are those only that it does not share
	// with what it was or will be, which is nil or of its type.
	names(other any) []Object
}

// naming is who names whom among the objects of a list: the keys are what is named, by its kind
// and name, and who names it. It changes with the list, so that it is always true.
type naming struct{ Tree[string, struct{}] }

// key is what the keys of those begin with that name the object; without a name: an object of its kind.
func (o Object) key() string {
	if o.Name == "" {
		return string(o.Kind) + " "
	}
	return string(o.Kind) + " " + o.Name + "\x00"
}

// user is who names something, and named what: the parts of a key.
func user(key string) string { return key[strings.IndexByte(key, 0)+1:] }

func named(key string) Object {
	named, _, _ := strings.Cut(key, "\x00")
	kind, name, _ := strings.Cut(named, " ")
	return Object{Kind(kind), name}
}

// follow notes that an object is another one than before, of which either may be nil, and says whether that
// made a difference.
func (n *naming) follow(user string, before, after any) bool {
	was, is := namesOf(before, after), namesOf(after, before)
	if slices.Equal(was, is) {
		return false
	}
	for _, o := range was {
		if !slices.Contains(is, o) {
			n.delete(o.key() + user)
		}
	}
	for _, o := range is {
		if !slices.Contains(was, o) {
			n.Put(o.key()+user, struct{}{})
		}
	}
	return true
}

func namesOf(it, other any) []Object {
	if it, ok := it.(namer); ok {
		return it.names(other)
	}
	return nil
}

// keys are those by which an object is named, in their order.
func (n naming) keys(of Object) iter.Seq[string] {
	from := of.key()
	return func(yield func(string) bool) {
		for key := range n.From(from) {
			if !strings.HasPrefix(key, from) || !yield(key) {
				return
			}
		}
	}
}

// users are those that name an object, in their order.
func (n naming) users(of Object) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key := range n.keys(of) {
			if !yield(user(key)) {
				return
			}
		}
	}
}
