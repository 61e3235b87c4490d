package acl

import "slices"

// The tree that a list is compiled to. Each node cuts one field in two; a line
// that lies on both sides is in both subtrees. A leaf has the lines that a packet
// which leads to it can fit, in order.

// node is a leaf where it has no left.
type node struct {
	field       field
	last        uint32 // of the left side
	left, right *node
	lines       []int32
}

// field is what a node cuts.
type field uint8

const (
	fieldSrc field = iota
	fieldDst
	fieldDstPort
	fieldSix // the first of the words of two addresses of IPv6
)

const words = 4 // of an address of IPv6

// The fields of lists of each family.
var (
	fields4 = []field{fieldSrc, fieldDst, fieldDstPort}
	fields6 = []field{fieldSix, fieldSix + 1, fieldSix + 2, fieldSix + 3, fieldSix + 4, fieldSix + 5, fieldSix + 6, fieldSix + 7, fieldDstPort}
)

const (
	leafLines = 8  // that are compared one after the other
	maxDepth  = 24 // of the tree
	maxCopies = 8  // of a line, on average
)

// of is a packet's value.
func (f field) of(k *key) uint32 {
	switch f {
	case fieldSrc:
		return k.src
	case fieldDst:
		return k.dst
	}
	return uint32(k.dport)
}

// span is a line's range.
func (f field) span(e *Entry) (low, high uint32) {
	switch {
	case f == fieldSrc:
		return e.From.low(), e.From.high()
	case f == fieldDst:
		return e.To.low(), e.To.high()
	case f >= fieldSix+words:
		return e.Six.To.span(f - fieldSix - words)
	case f >= fieldSix:
		return e.Six.From.span(f - fieldSix)
	case len(e.ToPorts) == 0:
		return 0, 0xffff
	}
	return e.ToPorts.low(), e.ToPorts.high()
}

// leaf is the lines that a packet can fit which is no later fragment: those show
// no ports to be led by.
func (n *node) leaf(k *key) []int32 {
	for n.left != nil {
		if n.field.of(k) <= n.last {
			n = n.left
		} else {
			n = n.right
		}
	}
	return n.lines
}

// planter grows a tree.
type planter struct {
	lines  []Line
	fields []field // that may be cut
	room   int     // copies of lines that may still be made
}

// plant compiles lines.
func plant(lines []Line) *node {
	all := make([]int32, len(lines))
	for i := range all {
		all[i] = int32(i)
	}
	p := planter{lines: lines, fields: fields4, room: maxCopies * len(lines)}
	if len(lines) > 0 && lines[0].Six != nil {
		p.fields = fields6
	}
	return p.grow(all, 0)
}

func (p *planter) grow(list []int32, depth int) *node {
	if len(list) <= leafLines || depth == maxDepth {
		return &node{lines: list}
	}
	f, last, ok := p.best(list)
	if !ok {
		return &node{lines: list}
	}
	left, right := p.split(list, f, last)
	if p.room -= len(left) + len(right) - len(list); p.room < 0 {
		return &node{lines: list}
	}
	return &node{field: f, last: last, left: p.grow(left, depth+1), right: p.grow(right, depth+1)}
}

// best is the cut whose longer side is the shortest; ok is false where none
// helps.
func (p *planter) best(list []int32) (f field, last uint32, ok bool) {
	shortest := len(list) * 3 / 4
	for _, g := range p.fields {
		cut := p.middle(list, g)
		left, right := p.count(list, g, cut)
		if longer := max(left, right); longer <= shortest {
			f, last, ok, shortest = g, cut, true, longer-1
		}
	}
	return f, last, ok
}

// middle is the last value of a line in the middle, among those that do not
// reach to the end.
func (p *planter) middle(list []int32, f field) uint32 {
	ends := make([]uint32, 0, len(list))
	for _, i := range list {
		low, high := f.span(&p.lines[i].Entry)
		if low > 0 {
			ends = append(ends, low-1)
		}
		ends = append(ends, high)
	}
	slices.Sort(ends)
	return ends[len(ends)/2]
}

func (p *planter) count(list []int32, f field, last uint32) (left, right int) {
	for _, i := range list {
		low, high := f.span(&p.lines[i].Entry)
		if low <= last {
			left++
		}
		if high > last {
			right++
		}
	}
	return left, right
}

func (p *planter) split(list []int32, f field, last uint32) (left, right []int32) {
	for _, i := range list {
		low, high := f.span(&p.lines[i].Entry)
		if low <= last {
			left = append(left, i)
		}
		if high > last {
			right = append(right, i)
		}
	}
	return left, right
}
