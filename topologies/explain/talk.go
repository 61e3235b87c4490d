package explain

import (
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// scene is what happens at a router about one message: all that led to it, or all
// that it led to.
type scene struct {
	node    string
	at      time.Time
	typed   string // the line that it follows from
	records []record.Record
	debug   []string
	talk    *talk    // the message; nil: not known yet
	brought *talk    // the message that the packet brings with which it begins; nil: none of a router here
	via     []string // of a packet that came in clear: who has sent it on
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
	datagrams      int      // one, or the fragments of a message
	parts          *scene   // where fragments come together
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

// ending is a packet that did not arrive.
type ending struct {
	packet uint64
	where  string // the device, or the port of a link
	why    phrase.Phrase
}
