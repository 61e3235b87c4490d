package explain

import (
	"net/netip"
	"reflect"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
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
	sends  map[record.ID]*talk  // by the records of kind ike.send
	typed  map[record.ID]string // what follows from a line that somebody typed
	latest map[heard]*scene     // of an IKE SA at a router
	known  map[messageKey]*talk // the latest message of a name
	views  map[string]debug.View
	owners map[netip.Addr]string // routers by the addresses that they send IKE from
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
}

// talk is a message with both its scenes.
type talk struct {
	message        *wire.Message
	at             time.Time
	sender, heard  *scene
	from, to       netip.AddrPort
	packet, frame  uint64 // that left its sender, that came to its receiver
	octets, repeat int
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
		lab: l, scenes: map[record.ID]*scene{}, sends: map[record.ID]*talk{}, typed: map[record.ID]string{},
		latest: map[heard]*scene{}, known: map[messageKey]*talk{}, views: map[string]debug.View{}, owners: map[netip.Addr]string{},
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
	switch b := r.Body.(type) {
	case lab.FrameSent:
		w.sent(r, b)
		return
	case operator.Typed:
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
	for _, l := range debug.Render(r.Body, w.switches(r.Node), w.views[r.Node]) {
		s.debug = append(s.debug, l.Text)
	}
}

// switches are the debugs whose lines are shown: `debug crypto ikev2`, which tells of
// packets on the newer image only where it is told to.
func (w *watch) switches(node string) debug.Switches {
	return debug.Switches{IKEv2: true, Packet: w.views[node].Generation == iosconfig.XE17}
}

// sceneOf is the scene that a record belongs to: that of its cause, unless something
// new begins. nil: it has nothing to do with IKE.
func (w *watch) sceneOf(r record.Record) *scene {
	before := w.scenes[r.Cause]
	if r.Cause.Node() != r.ID.Node() {
		before = nil
	}
	sa := refOf(r.Body)
	typed := sa.SPIi != 0 && w.typed[r.ID] != ""
	if before == nil && sa.SPIi != 0 && !typed && !begins(r.Body) {
		before = w.latest[heard{r.Node, sa.SPIi}]
	}
	_, isBuilt := r.Body.(ikev2.MessageBuilt)
	switch {
	case isBuilt && (before == nil || before.talk != nil):
	case begins(r.Body) && (before == nil || before.talk != nil || !pending(r.Body)):
	case before != nil:
		return before
	case !isBuilt && !typed && !concerns(r.Body):
		return nil
	}
	s := &scene{node: r.Node, at: r.At, typed: w.typed[r.ID]}
	w.alone = append(w.alone, s)
	return s
}

// begins says whether a record begins another scene than its cause belongs to.
func begins(b record.Body) bool {
	switch b := b.(type) {
	case ikev2.PacketArrived, crypto.Requested, ikev2.Rekeying:
		return true
	case *ikev2.Step:
		return pending(b)
	}
	return false
}

// pending says whether a record is a step towards a message.
func pending(b record.Body) bool {
	step, ok := b.(*ikev2.Step)
	if !ok {
		return false
	}
	switch step.State {
	case ikev2.IBldInit, ikev2.RBldInit, ikev2.IBldAuth, ikev2.RBldAuth, ikev2.ChildIInit, ikev2.ChildIBldMsg, ikev2.ChildRBldMsg, ikev2.InfoIBldInfo:
		return true
	}
	return false
}

// concerns says whether a record that follows from nothing known is worth a scene.
func concerns(b record.Body) bool {
	switch b.(type) {
	case *ikev2.Step, ikev2.PacketArrived, ikev2.Failure, ikev2.Fault, ikev2.SADown, ikev2.EntryDown, ikev2.KeyLookup,
		ikev2.PolicyLookup, ikev2.ProfileLookup, ikev2.MessageRepeated, ikev2.DeleteQueued, ikev2.Rekeying, crypto.Requested, ikev2.SALife:
		return true
	}
	return false
}

// message notes what a record says of messages.
func (w *watch) message(r record.Record, s *scene) {
	switch b := r.Body.(type) {
	case ikev2.MessageBuilt:
		t := &talk{message: b.Message, at: r.At, sender: s, from: b.From, to: b.To}
		s.talk, w.known[keyOf(b.Message)] = t, t
		w.owners[b.From.Addr()] = r.Node
		w.talks = append(w.talks, t)
	case ikev2.MessageParsed:
		t := w.known[keyOf(b.Message)]
		if t == nil || t.sender.node == r.Node {
			return
		}
		w.owners[b.To.Addr()] = r.Node
		if s.talk == nil {
			s.talk = t
		}
		if t.heard == nil {
			t.heard, t.frame = s, r.Frame
		}
	case ikev2.MessageRepeated:
		if t := w.known[keyOf(b.Message)]; t != nil {
			t.repeat++
		}
	case ikev2.Send:
		if s.talk != nil && s.talk.sender == s && s.talk.octets == 0 {
			s.talk.octets = len(b.Data)
			w.sends[r.ID] = s.talk
		}
	}
}

// The headers before an IKE message: Ethernet, IPv4 and UDP.
const headers = 14 + 20 + 8

// sent finds the packet of a message: the frame that follows from its sending and is
// long enough. One that waited for ARP comes behind that.
func (w *watch) sent(r record.Record, b lab.FrameSent) {
	if t := w.sends[r.Cause]; t != nil && t.packet == 0 && b.Octets >= t.octets+headers {
		t.packet = r.Frame
	}
}

// refOf is the IKE SA that a record names.
func refOf(b record.Body) ikev2.Ref {
	v := reflect.Indirect(reflect.ValueOf(b))
	for _, name := range []string{"SA", "IKE"} {
		if f := v.FieldByName(name); f.IsValid() && f.Type() == reflect.TypeFor[ikev2.Ref]() {
			return f.Interface().(ikev2.Ref)
		}
	}
	return ikev2.Ref{}
}
