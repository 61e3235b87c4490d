package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// borrowing is a station that fills its frames where the fabric wants them.
type borrowing struct {
	station
	lend func(use, n int) []byte
}

func (n *borrowing) Borrow(lend func(use, n int) []byte) { n.lend = lend }

func (n *borrowing) fill(use int, text string) []byte {
	b := n.lend(use, len(text))
	copy(b, text)
	return b
}

// TestLend: a buffer is the same until it is sent, and then the frame itself, which whoever
// asks again does not get while it is under way.
func TestLend(t *testing.T) {
	s := New(1, epoch)
	a, b := &borrowing{station: station{name: "A"}}, &station{name: "B"}
	da, db := s.AddNode("A", a, []string{"e0"}), s.AddNode("B", b, []string{"e0"})
	_, err := s.Link(da.Port(0), db.Port(0))
	require.NoError(t, err)
	s.Run(epoch)

	first := a.fill(0, "first of a use")
	other := a.fill(1, "of another use")
	require.NotSame(t, &first[0], &other[0])
	require.Same(t, &first[0], &a.lend(0, 100)[0], "nothing was sent")
	require.Zero(t, s.frames.live)
	a.send(0, first)
	require.Equal(t, 1, s.frames.live)
	second := a.fill(0, "SECOND OF A USE")
	require.NotSame(t, &first[0], &second[0], "it is under way")
	a.send(0, other[3:]) // does not begin where the buffer does: a copy
	require.Same(t, &other[0], &a.lend(1, 14)[0])
	a.send(0, a.fill(1, "again"))
	a.send(0, second[:6]) // no more than this
	a.send(0, nil)
	require.Equal(t, "first of a use", string(first))
	s.Run(epoch.Add(time.Second))
	require.Equal(t, []string{"first of a use", "another use", "again", "SECOND", ""}, b.texts())
	require.Zero(t, s.frames.live)
}

// TestLendLonger: a buffer that has become too short holds what it held, so that it can be
// moved to the longer one.
func TestLendLonger(t *testing.T) {
	s := New(1, epoch)
	a := &borrowing{station: station{name: "A"}}
	s.AddNode("A", a, nil)
	short := a.fill(0, "what it held")
	long := a.lend(0, jumboLen+1)
	require.Len(t, long, jumboLen+1)
	require.Equal(t, "what it held", string(short))
	require.Same(t, &short[0], &a.lend(1, 12)[0], "the short one is free")
}

// TestLendKeepsNothing: in steady state nothing is allocated.
func TestLendKeepsNothing(t *testing.T) {
	s := New(1, epoch)
	a := &borrowing{station: station{name: "A"}}
	d := s.AddNode("A", a, []string{"e0"})
	h := s.HostPort("H", func(time.Time, []byte) {})
	_, err := s.Link(d.Port(0), h.Port())
	require.NoError(t, err)
	s.Run(epoch)
	now := epoch
	require.Zero(t, testing.AllocsPerRun(100, func() {
		a.send(0, a.lend(0, 1500))
		now = now.Add(time.Microsecond)
		s.Run(now)
	}))
}
