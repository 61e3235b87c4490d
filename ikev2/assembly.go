package ikev2

import (
	"fmt"
	"slices"
	"time"

	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
)

// Fragments made and put together (RFC 7383 2.5, 2.6).

// cut makes fragments of a message, of at most so many octets.
func (r *recording) cut(sa *ikeSA, m *wire.Message, most int, c wire.Cipher, fillIV func([]byte)) window.Message {
	list := m.Fragments(most, c, fillIV)
	for i, b := range list {
		h := m.Header
		h.Next, h.Length = wire.TypeSKF, uint32(len(b))
		tell(r, FragmentBuilt{SA: sa.ref(), Header: h, Next: wire.PayloadType(b[wire.HeaderLen]), Number: i + 1, Total: len(list), Octets: len(b)})
	}
	return list
}

// assemble takes a fragment that has come, and gives the message when it is
// whole. "If the ICV check fails, the message MUST be silently discarded." (RFC
// 7383 2.6) It is before any state changes, so that nobody's fragment evicts one of
// the peer's.
func (r *recording) assemble(now time.Time, sa *ikeSA, data []byte, c wire.Cipher) (*wire.Message, error) {
	if !sa.fragments.agreed {
		return nil, ErrUnexpected
	}
	f, err := wire.OpenFragment(data, c)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrBadFragment, err)
	}
	sa.lastHeard = now
	sa.fragments.note(f.Header, len(data))
	room := window.MaxPieceRoom - sa.peer.fragmentOctets(now)
	fate, plain, head := sa.fragments.of(f.Header).Add(now, f.MessageID, window.Piece{
		Kind: uint8(f.Exchange), Number: int(f.Number), Total: int(f.Total), Head: [2]byte{byte(f.Next), f.Beside}, Data: f.Plain,
	}, room)
	sa.peer.holds(sa)
	tell(r, FragmentArrived{FragmentBuilt{sa.ref(), f.Header, f.Next, int(f.Number), int(f.Total), len(data)}, fate})
	switch fate {
	case window.Completed:
	case window.Kept, window.Replaced, window.Doubled:
		return nil, errFragment
	case window.Overlong:
		return nil, errGlut
	default:
		return nil, fmt.Errorf("%w: %v", ErrBadFragment, fate)
	}
	f.Next, f.Beside = wire.PayloadType(head[0]), head[1]
	m, err := wire.Assembled(f, plain, 0)
	if err == nil {
		m.EncryptedLen = m.SealedLen(c)
		m.Length = uint32(m.EncryptedLen)
	}
	return m, err
}

// fragmentOctets is what is kept of messages of a peer that are not whole; what will not be any more
// takes room from nobody, though its own SA be silent.
func (p *peer) fragmentOctets(now time.Time) (n int) {
	p.partial = slices.DeleteFunc(p.partial, func(sa *ikeSA) bool {
		sa.fragments.pieces.Forget(now)
		sa.fragments.answers.Forget(now)
		n += sa.fragments.octets()
		return sa.fragments.octets() == 0
	})
	return n
}

// holds notes that something may be kept for an SA.
func (p *peer) holds(sa *ikeSA) {
	if !slices.Contains(p.partial, sa) {
		p.partial = append(p.partial, sa)
	}
}

// isRequestedAgain says whether a request that we have answered has come again,
// truly: of a fragment "that event MUST only trigger a retransmission of the
// response message (fragmented or not) if the Fragment Number field in the
// received fragment is set to 1; otherwise, it MUST be ignored."
// (RFC 7383 2.6.1).
func (sa *ikeSA) isRequestedAgain(data []byte, c wire.Cipher) (bool, error) {
	f, err := wire.OpenFragment(data, c)
	if err != nil {
		return false, fmt.Errorf("%w: %v", ErrBadFragment, err)
	}
	return f.Number == 1, nil
}
