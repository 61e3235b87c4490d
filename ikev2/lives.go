package ikev2

// lives indexes the tables of everything that lives beside exchanges, by state
// and input. Building it panics when two rows claim the same place.
type lives struct {
	sa    [saStates][saInputs]*saRow
	child [childStates][childInputs]*childRow
	duel  [duelStates][duelInputs]*duelRow
}

// theLives are the tables of every engine; nothing changes them.
var theLives = newLives()

func newLives() *lives {
	l := new(lives)
	for _, r := range saRows() {
		place(&l.sa[r.from][r.on], r)
	}
	for _, r := range childRows() {
		place(&l.child[r.from][r.on], r)
	}
	for _, r := range duelRows() {
		place(&l.duel[r.from][r.on], r)
	}
	return l
}

func place[R any](at **R, r R) {
	if *at != nil {
		panic("ikev2: two rows for one state and input")
	}
	*at = &r
}
