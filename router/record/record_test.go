package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type thing struct{ N int }

func (thing) Kind() string { return "record.thing" }

func TestIDs(t *testing.T) {
	id := NewID(7, 1<<39)
	require.EqualValues(t, 7, id.Node())
	require.EqualValues(t, 1<<39, id.N())
}

func TestChain(t *testing.T) {
	e := New(3, "R1")
	var got []Record
	e.Listen(func(r Record) { got = append(got, r) })
	now := time.Date(2024, 11, 11, 0, 0, 0, 0, time.UTC)
	e.Begin(now, NewID(2, 9), 5)
	e.Emit(thing{1})
	kept := e.Last()
	require.Equal(t, NewID(3, 2), e.Next())
	e.emitFrame(thing{2}, 6)
	e.Begin(now, 0, 0)
	e.Resume(kept)
	e.Emit(thing{3})
	require.Equal(t, []Record{
		{NewID(3, 1), NewID(2, 9), now, "R1", 5, thing{1}},
		{NewID(3, 2), NewID(3, 1), now, "R1", 6, thing{2}},
		{NewID(3, 3), NewID(3, 1), now, "R1", 0, thing{3}},
	}, got)
}

// TestIDsDoNotDependOnListeners: what is recorded is the same whoever listens.
func TestIDsDoNotDependOnListeners(t *testing.T) {
	quiet, loud := New(1, "R1"), New(1, "R1")
	loud.Listen(func(Record) {})
	for _, e := range []*Emitter{quiet, loud} {
		e.Begin(time.Time{}, 0, 0)
		e.Emit(thing{})
		if e.Details() {
			e.Emit(thing{})
		} else {
			e.Skip(1)
		}
	}
	require.Equal(t, loud.Last(), quiet.Last())
}
