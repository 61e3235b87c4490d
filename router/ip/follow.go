package ip

import (
	"net/netip"
	"time"
)

// Follower is told that the way to an address that it follows has changed.
type Follower interface{ RouteChanged(now time.Time) }

// Watch is a follower's hold on an address. The zero value follows nothing.
type Watch struct {
	owner  Follower
	static bool // of the table's own: these settle first
	on     *watched
	place  int // among those that follow the same address
}

// watched is an address that somebody follows.
type watched struct {
	table   *Table
	addr    address
	watches []*Watch
	queued  bool
	rounds  int
}

// maxRounds bounds how often one address is looked at while a change settles:
// routes that go through each other do not come to rest by themselves.
const maxRounds = 8

// Follow has a watch's owner told when the way to an address changes, until
// it follows another one; an invalid address: none.
func (t *Table) Follow(w *Watch, owner Follower, a netip.Addr) { t.follow(w, owner, addressOf(a)) }

func (t *Table) follow(w *Watch, owner Follower, a address) {
	w.owner = owner
	if w.on != nil {
		if w.on.addr == a && w.on.table == t {
			return
		}
		w.leave()
	}
	if a == none {
		return
	}
	n := t.followed.at(alone(a))
	if n.value == nil {
		n.value = &watched{table: t, addr: a}
	}
	w.on, w.place = n.value, len(n.value.watches)
	w.on.watches = append(w.on.watches, w)
}

// leave ends a watch.
func (w *Watch) leave() {
	on := w.on
	last := len(on.watches) - 1
	on.watches[w.place] = on.watches[last]
	on.watches[w.place].place = w.place
	on.watches[last] = nil
	on.watches = on.watches[:last]
	w.on = nil
	if last == 0 {
		on.table.followed.remove(alone(on.addr))
	}
}

// touch notes that the way to the addresses of a prefix may have changed.
func (t *Table) touch(p prefix) {
	f := &t.s.tables
	t.followed.within(p, func(w *watched) {
		if !w.queued && w.rounds < maxRounds {
			w.queued = true
			f.queue = append(f.queue, w)
		}
	})
}

// settle tells the followers: first the static routes, which may change the tables
// again, then, when these have come to rest, everybody else.
func (f *tables) settle(now time.Time) {
	if f.settling {
		return // a follower's doing: the loop below goes on
	}
	f.settling = true
	var seen []*watched
	for told := 0; len(f.queue) > 0 || told < len(seen); {
		if len(f.queue) > 0 {
			w := f.queue[0]
			f.queue = f.queue[1:]
			w.queued = false
			w.rounds++
			seen = append(seen, w)
			w.tell(now, true)
			continue
		}
		seen[told].tell(now, false)
		told++
	}
	for _, w := range seen {
		w.rounds = 0
	}
	f.queue, f.settling = nil, false
}

func (w *watched) tell(now time.Time, static bool) {
	for i := len(w.watches) - 1; i >= 0; i-- { // those told may leave
		if i < len(w.watches) && w.watches[i].static == static {
			w.watches[i].owner.RouteChanged(now)
		}
	}
}
