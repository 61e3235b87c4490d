package ikev2

import "container/heap"

// ids gives out the lowest free number, from 1 on, as IOS does for Tunnel-id.
type ids struct {
	highest int
	freed   lowest
}

func (i *ids) take() int {
	if len(i.freed) > 0 {
		return heap.Pop(&i.freed).(int)
	}
	i.highest++
	return i.highest
}

func (i *ids) free(n int) { heap.Push(&i.freed, n) }

// lowest is a heap of numbers, for container/heap.
type lowest []int

func (l lowest) Len() int           { return len(l) }
func (l lowest) Less(i, j int) bool { return l[i] < l[j] }
func (l lowest) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

// Push and Pop are for container/heap.
func (l *lowest) Push(v any) { *l = append(*l, v.(int)) }

// Pop removes the last place.
func (l *lowest) Pop() any {
	old := *l
	n := old[len(old)-1]
	*l = old[:len(old)-1]
	return n
}
