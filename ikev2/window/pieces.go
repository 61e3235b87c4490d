package window

import "time"

// Pieces are the fragments of messages that are not whole yet (RFC 7383 2.6), of
// the peer's requests or of its responses. Each has been verified before it
// comes here.
type Pieces struct{ parts []*parts }

// parts are those of one message.
type parts struct {
	id     uint32
	kind   uint8
	begun  time.Time
	got    [][]byte
	left   int // how many are missing
	octets int
	head   [2]byte
}

// Piece is one fragment: the Numberth of Total. Kind is what the message's header says, Head
// how its payload begins, which counts of the first one.
type Piece struct {
	Kind          uint8
	Number, Total int
	Head          [2]byte
	Data          []byte
}

// Bounds of what is kept.
const (
	MaxPieces      = 255       // of a message
	MaxPieceOctets = 64 << 10  // of a message
	MaxPieceRoom   = 256 << 10 // of all that comes from one address
	piecesLife     = 100 * time.Second
)

// Fate is what became of a piece.
type Fate uint8

// The fates.
const (
	Kept      Fate = iota
	Completed      // it was the last one missing
	Replaced       // it is kept, and those of a smaller total are not
	Doubled        // it is there already
	Misfit         // it contradicts those that are kept, or is empty
	Overfull       // there is no room for it
	Overlong       // its message would be longer than any may be
)

var fateNames = [...]string{"kept", "completed", "replaced", "doubled", "misfit", "overfull", "overlong"}

// String names the fate in records.
func (f Fate) String() string { return fateNames[f] }

// Add takes a piece of the message with an id, and gives the whole when it is
// complete. Where the total is greater than before, "the receiver MUST discard all
// received fragments and start the reassembly process over with just the received IKE
// Fragment message" (RFC 7383 2.6); where it is smaller, the piece is discarded. Room is
// how many octets more may be kept.
func (p *Pieces) Add(now time.Time, id uint32, piece Piece, room int) (Fate, []byte, [2]byte) {
	p.Forget(now)
	m, fate := p.find(id), Kept
	switch {
	case piece.Total > MaxPieces:
		return Overfull, nil, [2]byte{}
	case len(piece.Data) == 0 && piece.Total > 1, m != nil && (piece.Kind != m.kind || piece.Total < len(m.got)):
		return Misfit, nil, [2]byte{}
	case m != nil && piece.Total > len(m.got):
		room += m.octets
		if len(piece.Data) > room {
			return Overfull, nil, [2]byte{}
		}
		p.Drop(id)
		m, fate = nil, Replaced
	case m != nil && m.got[piece.Number-1] != nil:
		return Doubled, nil, [2]byte{}
	}
	switch {
	case m != nil && m.octets+len(piece.Data) > MaxPieceOctets:
		return Overlong, nil, [2]byte{}
	case len(piece.Data) > room:
		return Overfull, nil, [2]byte{}
	}
	if m == nil {
		m = &parts{id: id, kind: piece.Kind, begun: now, got: make([][]byte, piece.Total), left: piece.Total}
		p.parts = append(p.parts, m)
	}
	if m.take(piece); m.left > 0 {
		return fate, nil, [2]byte{}
	}
	p.Drop(id)
	return Completed, m.whole(), m.head
}

func (m *parts) take(piece Piece) {
	m.got[piece.Number-1] = append([]byte{}, piece.Data...) // an empty one is there, too
	m.left--
	m.octets += len(piece.Data)
	if piece.Number == 1 {
		m.head = piece.Head
	}
}

func (m *parts) whole() []byte {
	list := make([]byte, 0, m.octets)
	for _, b := range m.got {
		list = append(list, b...)
	}
	return list
}

func (p *Pieces) find(id uint32) *parts {
	for _, m := range p.parts {
		if m.id == id {
			return m
		}
	}
	return nil
}

// Drop forgets the pieces of a message.
func (p *Pieces) Drop(id uint32) { p.keep(func(m *parts) bool { return m.id != id }) }

// Forget drops what will not be completed any more.
func (p *Pieces) Forget(now time.Time) {
	p.keep(func(m *parts) bool { return now.Sub(m.begun) < piecesLife })
}

func (p *Pieces) keep(wanted func(*parts) bool) {
	kept := p.parts[:0]
	for _, m := range p.parts {
		if wanted(m) {
			kept = append(kept, m)
		}
	}
	clear(p.parts[len(kept):])
	if p.parts = kept; len(kept) == 0 {
		p.parts = nil
	}
}

// Octets is how many octets are kept.
func (p *Pieces) Octets() (n int) {
	for _, m := range p.parts {
		n += m.octets
	}
	return n
}
