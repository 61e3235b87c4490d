package explain

import (
	"net/netip"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/debug"
	"ikelab/router/operator"
	"ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// watch reads the stream of a lab.
type watch struct {
	lab    *lab.Lab
	scenes map[record.ID]*scene // by the records that belong to one
	typed  map[record.ID]string // what follows from a line that somebody typed
	latest map[heard]*scene     // of an IKE SA at a router
	known  map[messageKey]*talk // the latest message of a name
	views  map[string]debug.View
	ways   ways
	peers  peers
	talks  []*talk
	alone  []*scene // that came to no message
}

// scene is what happens at a router about one message: all that led to it, or all
// that it led to.
type scene struct {
	node    string
	at      time.Time
	typed   string // the line that it follows from
	records []record.Record
	debug   []string
	talk    *talk // the message; nil: not known yet
	again   *talk // that is sent once more
}

// talk is a message with both its scenes.
type talk struct {
	message        *wire.Message
	at             time.Time
	sender, heard  *scene
	from, to       netip.AddrPort
	packets        []uint64 // that left its sender, of the first time: several of a message in fragments
	frame          uint64   // that came to its receiver
	octets, repeat int
	ended          []ending // of its packets that did not arrive
}

type heard struct {
	node string
	spi  uint64
}

// messageKey names a message to both ends: what the octets of its header say.
type messageKey struct {
	spi      uint64
	exchange wire.ExchangeType
	id       uint32
	flags    wire.Flags
}

func keyOf(m *wire.Message) messageKey {
	return messageKey{m.SPIi, m.Exchange, m.MessageID, m.Flags & (wire.FlagInitiator | wire.FlagResponse)}
}

func newWatch(l *lab.Lab) *watch {
	w := &watch{
		lab: l, scenes: map[record.ID]*scene{}, typed: map[record.ID]string{},
		latest: map[heard]*scene{}, known: map[messageKey]*talk{}, views: map[string]debug.View{}, ways: newWays(), peers: newPeers(),
	}
	for _, n := range l.Topology.Nodes {
		v := debug.View{Generation: iosconfig.IOS151, LogSession: strings.Contains(n.Config, "crypto logging session"), LogIKEv2: strings.Contains(n.Config, "crypto logging ikev2")}
		if n.Image == topologies.NewerImage {
			v.Generation = iosconfig.XE17
		}
		w.views[n.Name] = v
	}
	l.Stream.Listen(w.hear)
	return w
}

// hear takes a record.
func (w *watch) hear(r record.Record) {
	w.ways.follow(r)
	if b, ok := r.Body.(operator.Typed); ok {
		w.typed[r.ID] = b.Text
		return
	}
	if r.Node == "" {
		return
	}
	if text, ok := w.typed[r.Cause]; ok && r.Cause.Node() == r.ID.Node() {
		w.typed[r.ID] = text
	}
	s := w.sceneOf(r)
	if s == nil {
		return
	}
	w.scenes[r.ID] = s
	if sa := refOf(r.Body); sa.SPIi != 0 {
		w.latest[heard{r.Node, sa.SPIi}] = s
	}
	s.records = append(s.records, r)
	w.message(r, s)
	w.peers.note(r)
	for _, l := range debug.Render(r.Body, w.switches(r.Node), w.views[r.Node]) {
		s.debug = append(s.debug, l.Text)
	}
}

// switches are the debugs whose lines are shown: `debug crypto ikev2`, which tells of
// packets on the newer image only where it is told to.
func (w *watch) switches(node string) debug.Switches {
	return debug.Switches{IKEv2: true, Packet: w.views[node].Generation == iosconfig.XE17}
}

// message notes what a record says of messages.
func (w *watch) message(r record.Record, s *scene) {
	switch b := r.Body.(type) {
	case ikev2.MessageBuilt:
		t := &talk{message: b.Message, at: r.At, sender: s, from: b.From, to: b.To}
		s.talk, w.known[keyOf(b.Message)] = t, t
		w.talks = append(w.talks, t)
	case ikev2.MessageParsed:
		w.parsed(r, b, s)
	case ikev2.MessageRepeated:
		if t := w.known[keyOf(b.Message)]; t != nil && t.sender.node == r.Node {
			t.repeat++
			s.again = t
		}
	case ikev2.Send:
		switch {
		case s.talk != nil && s.talk.sender == s && !s.talk.left(r.At):
			if s.talk.octets == 0 {
				s.talk.octets = len(b.Data)
			}
			w.ways.leaves(r.ID, s.talk, len(b.Data), true)
		case s.again != nil:
			w.ways.leaves(r.ID, s.again, len(b.Data), false)
		}
	}
}

// left says whether a message has left before an instant: its fragments leave at once.
func (t *talk) left(now time.Time) bool {
	return t.octets > 0 && now.After(t.at.Add(time.Second))
}

// parsed finds the message that was opened. One of a peer that tells nothing of itself, as
// it is no router of the lab, is known from here on.
func (w *watch) parsed(r record.Record, b ikev2.MessageParsed, s *scene) {
	t := w.known[keyOf(b.Message)]
	switch {
	case t != nil && t.sender.node == r.Node:
		return
	case t == nil:
		t = &talk{message: b.Message, at: r.At, sender: &scene{node: b.From.Addr().String(), at: r.At}, from: b.From, to: b.To}
		w.known[keyOf(b.Message)] = t
		w.talks = append(w.talks, t)
	default:
		w.peers.sends(b.From, t.sender.node)
	}
	if t.heard == nil { // otherwise it comes once more
		t.heard, t.frame = s, r.Frame
		if s.talk == nil {
			s.talk = t
		}
	}
}
