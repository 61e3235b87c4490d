package ikev2

import (
	"errors"
	"fmt"
	"net/netip"

	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
)

// IKE fragmentation (RFC 7383): messages that are too long for a datagram.

// fragmenting is what an SA has of it: how long our packets may be, 0 while it
// is not configured; whether the peer knows it too; and what has come of
// messages that are not whole.
type fragmenting struct {
	mtu     int
	headers int // what stands in front of a message in a packet
	least   int // how short a peer can have our responses cut
	agreed  bool
	pieces  window.Pieces // of the peer's requests
	answers window.Pieces // of its responses
	asked   form
}

// form is how long the fragments are of the peer's last request that came in such.
type form struct {
	id   uint32
	most int // 0: none did
}

// What stands in front of an IKE message in a packet: IP and UDP.
const (
	headers  = 20 + 8
	headers6 = 40 + 8
)

// What is recommended as the longest packet that passes everywhere (RFC 7383 2.5.1).
const (
	safeMTU  = 576
	safeMTU6 = 1280
)

// newFragmenting is what an SA with a peer begins with. Over IPv6 what passes everywhere is
// longer, and who has said no more than that it must pass has that.
func newFragmenting(mtu int, peer netip.Addr) fragmenting {
	if !peer.Is6() {
		return fragmenting{mtu: mtu, headers: headers, least: safeMTU - headers}
	}
	if mtu == safeMTU {
		mtu = safeMTU6
	}
	return fragmenting{mtu: mtu, headers: headers6, least: safeMTU6 - headers6}
}

// most is how long a message of ours may be without being fragmented, unless the peer
// asks for less; 0: as long as it likes.
func (f *fragmenting) most() int {
	if !f.agreed {
		return 0
	}
	return f.mtu - f.headers
}

// limit is how long a message may be without being fragmented; 0: as long as it likes.
// "If none of the above apply, the responder SHOULD respond in the same form (fragmented
// or not) as the request message to which it is responding." (RFC 7383 2.4)
func (f *fragmenting) limit(h wire.Header) int {
	if most := f.most(); most == 0 || !h.Response() || h.MessageID != f.asked.id || f.asked.most == 0 {
		return most
	}
	return min(f.most(), max(f.asked.most, f.least))
}

// note keeps the form of a request, of which a fragment has come.
func (f *fragmenting) note(h wire.Header, octets int) {
	if h.Response() {
		return
	}
	if f.asked.id != h.MessageID {
		f.asked = form{id: h.MessageID}
	}
	f.asked.most = max(f.asked.most, octets)
}

// offer is the notify of IKE_SA_INIT, if we want to fragment: "The Initiator
// indicates its support for IKE fragmentation and willingness to use it by
// including a Notification payload of type IKEV2_FRAGMENTATION_SUPPORTED in the
// IKE_SA_INIT request message. If the Responder also supports this extension and
// is willing to use it, it includes this notification in the response message."
// (RFC 7383 2.3)
func (f *fragmenting) offer(initiator bool) []wire.Payload {
	if f.mtu == 0 || !initiator && !f.agreed {
		return nil
	}
	return []wire.Payload{&wire.Notify{Kind: wire.IKEV2_FRAGMENTATION_SUPPORTED}}
}

// hear reads the peer's.
func (f *fragmenting) hear(m *wire.Message) {
	f.agreed = f.mtu > 0 && m.Notify(wire.IKEV2_FRAGMENTATION_SUPPORTED) != nil
}

// of are the pieces of requests or of responses.
func (f *fragmenting) of(h wire.Header) *window.Pieces {
	if h.Response() {
		return &f.answers
	}
	return &f.pieces
}

func (f *fragmenting) octets() int { return f.pieces.Octets() + f.answers.Octets() }

// The ends of a fragment that makes no message.
var (
	errFragment    = errors.New("ikev2: a fragment, others are to come")
	ErrBadFragment = errors.New("ikev2: a fragment that does not fit the others")
	errGlut        = fmt.Errorf("%w: the message is too long", ErrBadFragment)
)

// FragmentBuilt is a fragment of a message that is about to leave.
type FragmentBuilt struct {
	SA            Ref
	Header        wire.Header
	Next          wire.PayloadType
	Number, Total int
	Octets        int // of the datagram
}

// FragmentArrived is a fragment that was verified, and what became of it.
type FragmentArrived struct {
	FragmentBuilt
	Fate window.Fate
}

// Kind names the body in the stream.
func (FragmentBuilt) Kind() string   { return "ike.fragment_built" }
func (FragmentArrived) Kind() string { return "ike.fragment_arrived" }
