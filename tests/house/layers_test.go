package house

import (
	"maps"
	"slices"
	"testing"
)

// Layers inside a package: files that use each other in a circle are one layer,
// and must be read together. So no circle holds many files; all else is in
// layers by itself.

// maxCircle is how many files may use each other in a circle.
const maxCircle = 6

func TestLayersInsidePackages(t *testing.T) {
	sizes := map[string]int{}
	for _, p := range checked(t) {
		circle := largestCircle(p.arrows())
		sizes[p.name] = max(1, len(circle))
		if len(circle) > maxCircle {
			t.Logf("%s: %d of %d files in one circle: %v", p.name, len(circle), len(p.files), circle)
		}
	}
	requireSizes(t, sizes, maxCircle, circles, "files that use each other in a circle")
}

// arrows lists, for each file, the files of the package whose declarations it
// uses.
func (p *strictPackage) arrows() map[string]map[string]bool {
	set := p.files[0].set
	arrows := map[string]map[string]bool{}
	for _, s := range p.files {
		arrows[s.path] = map[string]bool{}
	}
	for id, o := range p.Uses {
		if o.Pkg() != p.Package || !o.Pos().IsValid() {
			continue
		}
		from, to := set.Position(id.Pos()).Filename, set.Position(o.Pos()).Filename
		if from != to && arrows[from] != nil {
			arrows[from][to] = true
		}
	}
	return arrows
}

// largestCircle is the largest set of files of which each leads to each (Tarjan's
// strongly connected components).
func largestCircle(arrows map[string]map[string]bool) []string {
	var largest, stack []string
	index, low := map[string]int{}, map[string]int{}
	on := map[string]bool{}
	var visit func(v string)
	visit = func(v string) {
		index[v] = len(index) + 1
		low[v], on[v] = index[v], true
		stack = append(stack, v)
		for _, w := range slices.Sorted(maps.Keys(arrows[v])) {
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if on[w] {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] != index[v] {
			return
		}
		at := len(stack) - 1
		for stack[at] != v {
			at--
		}
		if n := len(stack) - at; n > max(1, len(largest)) {
			largest = append([]string(nil), stack[at:]...)
		}
		for _, w := range stack[at:] {
			on[w] = false
		}
		stack = stack[:at]
	}
	for _, v := range slices.Sorted(maps.Keys(arrows)) {
		if index[v] == 0 {
			visit(v)
		}
	}
	return largest
}

var circles = map[string]excess{
	"ikev2":        {23, "actions are methods of the engine, and raise inputs"},
	"netsim":       {14, "ports, links and segments know the simulation"},
	"router":       {8, "a router, its machine and what they hand to each other"},
	"router/ip":    {18, "the stack's stages know the stack"},
	"router/shell": {13, "rows know the session that they run in"},
}
