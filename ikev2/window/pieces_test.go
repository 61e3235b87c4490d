package window

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const plenty = MaxPieceRoom

func piece(number, total int, data string) Piece {
	return Piece{Kind: 35, Number: number, Total: total, Head: [2]byte{byte(40 + number), byte(number)}, Data: []byte(data)}
}

func TestPiecesInAnyOrder(t *testing.T) {
	var p Pieces
	now := time.Unix(0, 0)
	for _, n := range []int{3, 1} {
		fate, _, _ := p.Add(now, 1, piece(n, 3, string(rune('0'+n))), plenty)
		require.Equal(t, Kept, fate)
	}
	require.Equal(t, 2, p.Octets())
	fate, whole, head := p.Add(now, 1, piece(2, 3, "2"), plenty)
	require.Equal(t, Completed, fate)
	require.Equal(t, "123", string(whole))
	require.Equal(t, [2]byte{41, 1}, head, "of the first")
	require.Zero(t, p.Octets())
	require.Empty(t, p.parts)
}

// "If an IKE Fragment message with the same Message ID, Fragment Number, and Total
// Fragments fields is already present in the reassembling queue, this message is considered
// a replay and MUST be silently discarded." (RFC 7383 2.6) The total may grow, when the
// sender looks for the path's MTU, and never shrinks; nothing else takes a piece's place.
func TestPiecesThatContradict(t *testing.T) {
	var p Pieces
	now := time.Unix(0, 0)
	add := func(id uint32, c Piece) Fate {
		fate, _, _ := p.Add(now, id, c, plenty)
		return fate
	}
	require.Equal(t, Kept, add(1, piece(1, 3, "a")))
	require.Equal(t, Doubled, add(1, piece(1, 3, "b")))
	require.Equal(t, Misfit, add(1, piece(2, 2, "b")))
	require.Equal(t, Misfit, add(1, piece(2, 3, "")))
	other := piece(2, 3, "b")
	other.Kind = 36
	require.Equal(t, Misfit, add(1, other))
	require.Equal(t, 1, p.Octets())
	require.Equal(t, Replaced, add(1, piece(2, 4, "bb")))
	require.Equal(t, 2, p.Octets())
	require.Equal(t, Misfit, add(1, piece(1, 3, "a")))
	require.Equal(t, Kept, add(2, piece(1, 3, "a")), "another message")
}

func TestPiecesAreBounded(t *testing.T) {
	var p Pieces
	now := time.Unix(0, 0)
	fate, _, _ := p.Add(now, 1, piece(1, MaxPieces+1, "a"), plenty)
	require.Equal(t, Overfull, fate)
	long := string(make([]byte, MaxPieceOctets/2+1))
	for n, want := range []Fate{Kept, Overlong, Kept} {
		if n == 2 {
			long = "short"
		}
		fate, _, _ = p.Add(now, 1, piece(n+1, 5, long), plenty)
		require.Equal(t, want, fate)
	}
	before := p.Octets()
	fate, _, _ = p.Add(now, 2, piece(1, 2, "abc"), 2)
	require.Equal(t, Overfull, fate)
	fate, _, _ = p.Add(now, 1, piece(1, 6, long), -before)
	require.Equal(t, Overfull, fate, "of a larger total")
	require.Equal(t, before, p.Octets(), "a piece that is refused evicts nothing")
	p.Add(now.Add(piecesLife), 2, piece(1, 2, "a"), plenty)
	require.Equal(t, 1, p.Octets(), "what does not become whole goes")
}

func FuzzPieces(f *testing.F) {
	f.Add([]byte{1, 1, 3, 2, 1, 2, 3, 2, 1, 3, 3, 2})
	f.Fuzz(func(t *testing.T, script []byte) {
		var p Pieces
		now := time.Unix(0, 0)
		for ; len(script) >= 4; script = script[4:] {
			total := int(script[2]) + 1
			number := int(script[1])%total + 1
			room := MaxPieceRoom - p.Octets()
			before := p.Octets()
			fate, whole, _ := p.Add(now, uint32(script[0]%4), Piece{Number: number, Total: total, Data: make([]byte, int(script[3])*64)}, room)
			require.LessOrEqual(t, p.Octets(), MaxPieceRoom)
			if fate >= Doubled {
				require.Equal(t, before, p.Octets())
			}
			require.True(t, fate == Completed || whole == nil)
		}
	})
}
