package explain

import (
	"hash/fnv"
	"strings"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
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
	octets map[uint64]*talk     // by hashes of their datagrams
	views  map[string]debug.View
	ways   ways
	peers  peers
	talks  []*talk
	alone  []*scene // that came to no message
}

func newWatch(l *lab.Lab) *watch {
	w := &watch{
		lab: l, scenes: map[record.ID]*scene{}, typed: map[record.ID]string{},
		latest: map[heard]*scene{}, known: map[messageKey]*talk{}, octets: map[uint64]*talk{}, views: map[string]debug.View{}, ways: newWays(), peers: newPeers(),
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
	if b, ok := r.Body.(crypto.Refused); ok && b.SPI == 0 {
		s.via = w.ways.via(r.Cause)
	}
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
		}
	case ikev2.Send:
		w.sends(r.ID, s, b)
	}
}

// sends notes that a datagram leaves: of the message that the scene has come to, or, of the
// same octets as before, once more.
func (w *watch) sends(id record.ID, s *scene, b ikev2.Send) {
	hash := fnv.New64a()
	hash.Write(b.Data)
	sum := hash.Sum64()
	if t := w.octets[sum]; t != nil {
		w.ways.leaves(id, t, len(b.Data), false)
		return
	}
	if t := s.talk; t != nil && t.sender == s {
		if t.octets == 0 {
			t.octets = len(b.Data)
		}
		t.datagrams++
		w.octets[sum] = t
		w.ways.leaves(id, t, len(b.Data), true)
	}
}

// parsed finds the message that was opened. One of a peer that tells nothing of itself, as
// it is no router of the lab, is known from here on.
func (w *watch) parsed(r record.Record, b ikev2.MessageParsed, s *scene) {
	t := s.brought
	if t == nil || keyOf(t.message) != keyOf(b.Message) {
		t = w.known[keyOf(b.Message)]
	}
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
