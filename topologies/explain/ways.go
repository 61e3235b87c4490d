package explain

import (
	"slices"
	"strings"

	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/router/record"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
)

// ways follow the packets of messages through the network.
type ways struct {
	sends  map[record.ID]*sending // by the records of kind ike.send
	frames map[uint64]*sending    // by the frames that carry them
	others []passage              // of packets that are no messages, the newest last
}

// passage is who has sent a packet on lately.
type passage struct {
	cause record.ID // that the packet follows from
	nodes []string
}

// mostPassages is how many packets are remembered.
const mostPassages = 64

// sending is a datagram that leaves: a message, or a fragment of one.
type sending struct {
	talk   *talk
	octets int
	first  bool   // not sent again
	packet uint64 // the frame that left its sender; 0: not yet
}

func newWays() ways { return ways{sends: map[record.ID]*sending{}, frames: map[uint64]*sending{}} }

// leaves notes that a datagram of a message leaves.
func (w *ways) leaves(id record.ID, t *talk, octets int, first bool) {
	w.sends[id] = &sending{talk: t, octets: octets, first: first}
}

// The headers before an IKE message: Ethernet, IPv4 and UDP.
const headers = 14 + 20 + 8

// shortest is what the first fragment of a packet that IP has cut has at least.
const shortest = 14 + 512

// follow takes a record of the network.
func (w *ways) follow(r record.Record) {
	s := w.sends[r.Cause]
	switch b := r.Body.(type) {
	case lab.FrameSent:
		w.sent(r, b, s)
	case lab.FrameDropped:
		if s := w.frames[r.Frame]; s != nil {
			s.ends(b.Port, dropped(b))
		}
	case ip.Dropped:
		if s != nil {
			s.ends(r.Node, refusedBy(b))
		}
	case nat.Refused:
		if s != nil {
			s.ends(r.Node, phrase.Of("tour.drop.nat"))
		}
	}
}

// sent finds the packet of a datagram: the frame that follows from its sending and is
// long enough. One that waited for ARP comes behind that.
func (w *ways) sent(r record.Record, b lab.FrameSent, s *sending) {
	if s == nil {
		w.passes(r.Cause, b.Port)
		return
	}
	if b.Octets < min(s.octets+headers, shortest) {
		return // ARP
	}
	w.frames[r.Frame] = s
	if s.packet != 0 {
		return
	}
	s.packet = r.Frame
	if s.first {
		s.talk.packets = append(s.talk.packets, r.Frame)
	}
}

// passes remembers that a packet leaves by a port.
func (w *ways) passes(cause record.ID, port string) {
	node, _, _ := strings.Cut(port, ":")
	for i := len(w.others) - 1; i >= 0; i-- {
		if w.others[i].cause == cause {
			w.others[i].nodes = append(w.others[i].nodes, node)
			return
		}
	}
	if len(w.others) == mostPassages {
		w.others = slices.Delete(w.others, 0, mostPassages/2)
	}
	w.others = append(w.others, passage{cause, []string{node}})
}

// via is who has sent a packet on.
func (w *ways) via(cause record.ID) []string {
	for _, p := range slices.Backward(w.others) {
		if p.cause == cause {
			return slices.Clone(p.nodes)
		}
	}
	return nil
}

func (s *sending) ends(where string, why phrase.Phrase) {
	s.talk.ended = append(s.talk.ended, ending{s.packet, where, why})
}

// dropped is why the network lost a frame.
func dropped(b lab.FrameDropped) phrase.Phrase {
	if key, known := linkDrops[b.Reason]; known {
		return phrase.Of(key)
	}
	return phrase.Of("tour.drop.other", "reason", b.Reason)
}

var linkDrops = map[string]string{
	"no carrier": "tour.drop.carrier", "longer than the MTU": "tour.drop.mtu", "lost": "tour.drop.lost", "cut in flight": "tour.drop.cut",
	"far port down": "tour.drop.far-down", "far device not started": "tour.drop.far-off", "by a filter": "tour.drop.filter",
}

// refusedBy is why a device took a packet no further.
func refusedBy(b ip.Dropped) phrase.Phrase {
	if key, known := packetDrops[b.Reason]; known {
		return phrase.Of(key, "interface", b.Interface)
	}
	return phrase.Of("tour.drop.other", "reason", string(b.Reason))
}

var packetDrops = map[ip.Reason]string{
	ip.Prohibited: "tour.drop.list", ip.NoRoute: "tour.drop.route", ip.NoPort: "tour.drop.port", ip.InterfaceDown: "tour.drop.interface",
	ip.NoOutput: "tour.drop.interface", ip.TooLong: "tour.drop.too-long", ip.Unresolved: "tour.drop.neighbour",
	ip.FragmentsAbsent: "tour.drop.fragments", ip.TTLExceeded: "tour.drop.ttl",
}
