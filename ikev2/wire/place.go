package wire

// places are where the payloads of a message are put.
type places struct {
	list       []Payload
	notifies   []Notify
	vendors    []VendorID
	ids        []ID
	sas        []SA
	proposals  []Proposal
	transforms []Transform
	kes        []KE
	nonces     []Nonce
	auths      []Auth
	cps        []CP
	tss        []TS
	selectors  []Selector
}

// whole is a message that makes SAs with what it mostly has: one piece of memory, not twenty.
type whole struct {
	Message
	list       [12]Payload
	notifies   [4]Notify
	vendors    [2]VendorID
	ids        [1]ID
	sas        [1]SA
	proposals  [1]Proposal
	transforms [4]Transform
	kes        [1]KE
	nonces     [1]Nonce
	auths      [1]Auth
	cps        [1]CP
	tss        [2]TS
	selectors  [2]Selector
}

// places are those of the message.
func (w *whole) places() places {
	return places{
		w.list[:], w.notifies[:], w.vendors[:], w.ids[:], w.sas[:], w.proposals[:], w.transforms[:], w.kes[:], w.nonces[:],
		w.auths[:], w.cps[:], w.tss[:], w.selectors[:],
	}
}

// some takes n places of those that are left, or makes them.
func some[T any](left *[]T, n int) []T {
	if n > len(*left) {
		return make([]T, n)
	}
	taken := (*left)[:n:n]
	*left = (*left)[n:]
	return taken
}

// put puts a payload into one of the places that are left, or into one of its own.
func put[T any](left *[]T, payload T) *T {
	p := &some(left, 1)[0]
	*p = payload
	return p
}
