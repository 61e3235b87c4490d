package fault

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ikelab/ikev2/wire"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// Match is which packets are meant. What is not said is any.
type Match struct {
	Node     string // of the router that sends
	Port     string // by which it leaves, such as R1:Ethernet0/0
	exchange string
	message  string // request or response
	from     string // initiator or responder of the IKE SA
	id       int64  // of the message, and one more; 0: any
	payload  string
	Fragment int // nth of an IKE message; 0: any
	esp      bool
	sequence int64
	df       string // the bit of the IP header: set or clear
	piece    bool   // of an IP packet that was cut
	longer   int    // octets of the IP packet; 0: any
}

// exchanges are those that may be named.
var exchanges = []string{
	wire.IKE_SA_INIT.String(), wire.IKE_AUTH.String(), wire.CREATE_CHILD_SA.String(), wire.INFORMATIONAL.String(),
	wire.IKE_INTERMEDIATE.String(), wire.IKE_FOLLOWUP_KE.String(),
}

// payloads are the names of payloads and of notifies.
var payloads = append(wire.PayloadNames(), wire.NotifyNames()...)

// Keys are what a file may say of it.
func (m *Match) Keys() []form.Key {
	return []form.Key{
		{Name: "node", Help: "the router that sends", Value: form.Word(&m.Node, "node")},
		{Name: "port", Help: "by which it leaves, such as R1:Ethernet0/0", Value: form.Word(&m.Port, "port")},
		{Name: "exchange", Help: "of an IKE message", Value: form.Choice(&m.exchange, "exchange", exchanges...)},
		{Name: "message", Help: "which of the two", Value: form.Choice(&m.message, "message", "request", "response")},
		{Name: "from", Help: "who sends the IKE message: the end that began the SA, or the other", Value: form.Choice(&m.from, "from", "initiator", "responder")},
		{Name: "message-id", Help: "of the IKE message", Value: form.Parsed(&m.id, "message-id", "number", parseID)},
		{Name: "payload", Help: "that the IKE message has: KE, DELETE, or a notify such as REKEY_SA", Value: form.Parsed(&m.payload, "payload", "payload", func(s string) (string, error) {
			if !slices.Contains(payloads, s) {
				return "", fmt.Errorf("%q is no payload and no notify%s", s, form.Hint(s, payloads))
			}
			return s, nil
		})},
		{Name: "fragment", Help: "the nth fragment of an IKE message (RFC 7383)", Value: form.Number(&m.Fragment, "fragment", 1, 1<<16-1)},
		{Name: "esp", Help: "an ESP packet", Value: form.Flag(&m.esp, "esp")},
		{Name: "sequence", Help: "of the ESP packet", Value: form.Number(&m.sequence, "sequence", 1, 1<<32-1)},
		{Name: "df", Help: "the bit Don't Fragment of the IP header", Value: form.Choice(&m.df, "df", "set", "clear")},
		{Name: "ip-fragment", Help: "a fragment of an IP packet", Value: form.Flag(&m.piece, "ip-fragment")},
		{Name: "longer-than", Help: "octets of the IP packet, its header included", Value: form.Number(&m.longer, "longer-than", 1, 1<<16-1)},
	}
}

// parseID reads a message id, and adds one.
func parseID(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number between 0 and %d", s, uint32(math.MaxUint32))
	}
	return int64(n) + 1, nil
}

// Find finds the router and the port that are named.
func (m *Match) Find(l *lab.Lab, router func(name string) (*lab.Router, error)) error {
	if m.Node != "" {
		r, err := router(m.Node)
		if err != nil {
			return err
		}
		m.Node = r.Name()
	}
	if m.Port == "" {
		return nil
	}
	p, err := l.Port(m.Port)
	if err == nil {
		m.Port = p.Name()
	}
	return err
}

// Fits says whether a packet is meant.
func (m *Match) Fits(p *Packet) bool {
	ike := m.exchange != "" || m.message != "" || m.from != "" || m.id > 0 || m.payload != "" || m.Fragment > 0
	switch {
	case m.Node != "" && m.Node != p.Node, m.Port != "" && m.Port != p.Port.Name(), ike && !p.IKE:
	case m.exchange != "" && m.exchange != p.Header.Exchange.String():
	case m.message != "" && (m.message == "response") != p.Header.Response():
	case m.from != "" && (m.from == "initiator") != p.Header.FromInitiator():
	case m.id > 0 && uint32(m.id-1) != p.Header.MessageID:
	case m.payload != "" && !slices.Contains(p.payloads, m.payload):
	case m.Fragment > 0 && m.Fragment != int(p.Fragment):
	case (m.esp || m.sequence > 0) && !p.ESP:
	case m.sequence > 0 && uint32(m.sequence) != p.Seq:
	case m.df != "" && (m.df == "set") != p.df, m.piece && !p.piece, m.longer > 0 && p.octets <= m.longer:
	default:
		return p.IP
	}
	return false
}

// String tells which packets are meant.
func (m *Match) String() string {
	var words []string
	for _, w := range []string{m.exchange, m.message} {
		if w != "" {
			words = append(words, w)
		}
	}
	if m.payload != "" {
		words = append(words, "with "+m.payload)
	}
	if m.Fragment > 0 {
		words = append(words, fmt.Sprint("fragment ", m.Fragment))
	}
	if m.esp || m.sequence > 0 {
		words = append(words, "ESP")
	}
	if m.sequence > 0 {
		words = append(words, fmt.Sprint(m.sequence))
	}
	if m.id > 0 {
		words = append(words, fmt.Sprint("id ", m.id-1))
	}
	if m.from != "" {
		words = append(words, "from the "+m.from)
	}
	if m.df != "" {
		words = append(words, "with DF "+m.df)
	}
	if m.piece {
		words = append(words, "fragment of an IP packet")
	}
	if m.longer > 0 {
		words = append(words, fmt.Sprint("of more than ", m.longer, " octets"))
	}
	if len(words) == 0 {
		words = append(words, "packet")
	}
	if m.Node != "" {
		words = append(words, "of "+m.Node)
	}
	if m.Port != "" {
		words = append(words, "at "+m.Port)
	}
	return strings.Join(words, " ")
}
