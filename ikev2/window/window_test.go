package window

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var epoch = time.Date(2024, 11, 11, 20, 28, 34, 0, time.UTC)

// "An IKE endpoint MUST NOT exceed the peer's stated window size for
// transmitted IKE requests." (RFC 7296, section 2.3)
func TestRequestsKeepToTheWindow(t *testing.T) {
	w := NewRequests(0)
	require.EqualValues(t, 1, w.Peer())
	first := w.Begin()
	require.Zero(t, first.ID)
	require.Nil(t, w.Begin())
	w.Announced(3)
	require.EqualValues(t, 1, w.Begin().ID)
	require.EqualValues(t, 2, w.Begin().ID)
	require.Nil(t, w.Begin())
	w.Take(1)
	require.Nil(t, w.Begin(), "the oldest has no answer yet")
	w.Take(0)
	require.True(t, w.Open())
	w.Announced(0)
	w.Announced(2)
	require.EqualValues(t, 3, w.Peer(), "it is not reduced")
	w.Announced(100000)
	require.EqualValues(t, MaxPeer, w.Peer())
}

// "A retransmission from the initiator MUST be bitwise identical to the
// original request." (RFC 7296, section 2.1)
func TestRequestsAgain(t *testing.T) {
	var w Requests
	r := w.Begin()
	require.Nil(t, w.Find(0), "not sent yet")
	r.Sent(epoch, Message{{1}, {2}}, []time.Duration{time.Second, 2 * time.Second})
	require.Same(t, r, w.Find(0))
	require.Equal(t, epoch.Add(time.Second), r.Due())
	require.False(t, r.Exhausted())
	require.Equal(t, Message{{1}, {2}}, r.Again(epoch.Add(time.Second)))
	require.Equal(t, epoch.Add(3*time.Second), r.Due())
	require.True(t, r.Exhausted())
	w.Take(0)
	require.Nil(t, w.Find(0))
}

// "The responder MUST remember each response until it receives a request whose
// sequence number is larger than or equal to the sequence number in the response
// plus its window size" (RFC 7296, section 2.1)
func TestResponsesAreKept(t *testing.T) {
	w := NewResponses(0, 2)
	for id := range uint32(4) {
		verdict, _ := w.Judge(id)
		require.Equal(t, New, verdict)
		w.Begin(id)
		verdict, _ = w.Judge(id)
		require.Equal(t, InProgress, verdict)
		w.Answer(id, Message{{byte(id)}})
	}
	for id, want := range []Verdict{Outside, Outside, Repeated, Repeated, New, New, Outside} {
		verdict, m := w.Judge(uint32(id))
		require.Equal(t, want, verdict, id)
		require.Equal(t, want == Repeated, m != nil)
	}
	require.Zero(t, w.Busy())
}

// Requests may be served in any order within the window.
func TestResponsesOutOfOrder(t *testing.T) {
	w := NewResponses(0, 3)
	w.Answer(2, Message{{2}})
	require.Zero(t, w.Next())
	w.Answer(0, Message{{0}})
	w.Answer(1, Message{{1}})
	require.EqualValues(t, 3, w.Next())
}

// "the initiator MUST retry the IKE_SA_INIT with the corrected Diffie-Hellman
// group" (RFC 7296 1.2): until it has computed the new public value nothing is
// due, and a second answer to the old request fits nothing.
func TestRecalledRequests(t *testing.T) {
	var w Requests
	r := w.Begin()
	now := time.Date(2024, 11, 11, 0, 0, 0, 0, time.UTC)
	r.Sent(now, Message{{1}}, []time.Duration{time.Second})
	r.Recall()
	require.True(t, r.Due().IsZero())
	require.Nil(t, w.Find(r.ID))
	r.Sent(now, Message{{2}}, []time.Duration{time.Second})
	require.Same(t, r, w.Find(r.ID))
	require.Equal(t, now.Add(time.Second), r.Due())
}
